package dev.upbeat.linkage;

/**
 * A row of the overlap table (Table 20) with its statistics.
 *
 * @param overlap the counts
 * @param test of the share of the first's peaks at most one token from a peak of the second, shuffles of the first's peaks
 */
public record OverlapTest(PeakOverlap overlap, PeakTest test) {}
