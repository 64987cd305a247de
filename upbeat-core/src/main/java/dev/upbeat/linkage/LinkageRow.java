package dev.upbeat.linkage;

/**
 * The contribution of one response to a linkage. A {@link LinkageResult} pools these rows.
 *
 * @param response index of the response
 * @param tokens number of tokens in scope
 * @param peaks number of peaks among these tokens
 * @param peakSum sum of the scores at the peaks: nats, or a count
 * @param tokenSum sum of the scores of all tokens in scope
 */
public record LinkageRow(int response, int tokens, int peaks, double peakSum, double tokenSum) {}
