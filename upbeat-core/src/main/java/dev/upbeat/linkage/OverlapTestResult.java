package dev.upbeat.linkage;

/**
 * A row of the overlap table (Table 20) with its statistics.
 *
 * @param overlap the counts
 * @param test test of the share of the first series' peaks that are at most one token from a peak of the second; shuffles
 *     move the first series' peaks
 */
public record OverlapTestResult(PeakOverlap overlap, PeakTestResult test) {}
