package dev.upbeat.linkage;

/**
 * One linkage over one scope of tokens.
 *
 * @param test test of the mean score at the peaks, over the tokens in scope at which both series are defined. Observed and
 *     chance are nats for {@link LinkageKind#ENTROPY_AT_WAAD_PEAKS} and shares in [0, 1] for the others. Shuffles move the
 *     peaks within their response and keep their number
 */
public record LinkageResult(LinkageKind kind, TokenScope scope, PeakTestResult test) {}
