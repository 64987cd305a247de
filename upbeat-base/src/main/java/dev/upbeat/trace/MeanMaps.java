package dev.upbeat.trace;

/**
 * The two mean attention maps of one window of positions, queries and keys both in [start, end).
 *
 * @param start first absolute position, inclusive
 * @param end last absolute position, exclusive
 * @param global mean map of the global heads, row-major [end - start, end - start], zero above the diagonal
 * @param local mean map of the local heads, likewise
 */
public record MeanMaps(int start, int end, float[] global, float[] local) {}
