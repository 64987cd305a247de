package dev.upbeat.trace;

/**
 * Mean attention maps of the global and of the local heads over the queries and keys in [start, end).
 *
 * @param start first absolute position, inclusive
 * @param end absolute end position, exclusive
 * @param global mean map of the global heads, row-major [end - start, end - start], zero above the diagonal
 * @param local mean map of the local heads, in the same form
 */
public record MeanMaps(int start, int end, float[] global, float[] local) {}
