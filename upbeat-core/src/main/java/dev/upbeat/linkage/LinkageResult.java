package dev.upbeat.linkage;

/**
 * One linkage over one scope of tokens.
 *
 * @param test of the mean score at the peaks of the linkage's own series, over the tokens where both series are defined and
 *     nothing leaves them out. Observed and chance are nats for {@link LinkageKind#ENTROPY_AT_WAAD_PEAKS} and shares in
 *     [0, 1] for the others; the peaks' positions are shuffled within each response, their count kept
 */
public record LinkageResult(LinkageKind kind, TokenScope scope, PeakTest test) {}
