package dev.upbeat.trace;

/**
 * For each response token (as the query) its strongest earlier keys in the mean map of the global and of the local
 * heads, strongest first. Positions are absolute (0 is the first prompt token); rows with fewer earlier tokens are
 * filled with position -1 and weight 0.
 *
 * @param globalPositions [T][m]
 * @param globalWeights attention weight, [T][m]
 * @param localPositions [T][m]
 * @param localWeights attention weight, [T][m]
 */
public record Links(int[][] globalPositions, float[][] globalWeights, int[][] localPositions, float[][] localWeights) {}
