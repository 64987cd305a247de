package dev.upbeat.linkage;

/**
 * A 95% percentile bootstrap interval over responses.
 *
 * @param low 2.5th percentile
 * @param high 97.5th percentile
 * @param resamples the value was defined in, and the percentiles are of: a resample may hold no peak at all
 */
public record BootstrapInterval(double low, double high, int resamples) {}
