package dev.upbeat.trace;

/**
 * Links: the strongest earlier keys of each response token in the mean maps of the global and of the local heads,
 * strongest first. Positions are absolute (0 is the first prompt token). Rows with fewer than m earlier tokens are
 * filled with position -1 and weight 0.
 *
 * @param globalPositions [T][m]
 * @param globalWeights attention weight, [T][m]
 * @param localPositions [T][m]
 * @param localWeights attention weight, [T][m]
 */
public record Links(int[][] globalPositions, float[][] globalWeights, int[][] localPositions, float[][] localWeights) {}
