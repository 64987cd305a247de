package dev.upbeat.trace;

/**
 * The strongest edges of the answer flow at each response token: the flow that enters it from earlier tokens, and the
 * flow that leaves it to later ones, each a share of the 1 that flows from the prompt to the answer, strongest first.
 * Positions are absolute (0 is the first prompt token). Tokens with fewer than m edges are filled with position -1 and
 * flow 0.
 *
 * @param inPositions earlier tokens, [T][m]
 * @param inFlows flow from there, [T][m]
 * @param outPositions later tokens, [T][m]
 * @param outFlows flow to there, [T][m]
 */
public record FlowEdges(int[][] inPositions, float[][] inFlows, int[][] outPositions, float[][] outFlows) {}
