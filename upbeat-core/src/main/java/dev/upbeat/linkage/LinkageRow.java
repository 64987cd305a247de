package dev.upbeat.linkage;

/**
 * The part of one response in a linkage: the raw rows that a {@link LinkageResult} pools.
 *
 * @param response its number among the responses, from 0
 * @param tokens in scope
 * @param peaks among them
 * @param peakSum sum of the scores at the peaks: nats, or a count
 * @param tokenSum sum of the scores of all tokens in scope
 */
public record LinkageRow(int response, int tokens, int peaks, double peakSum, double tokenSum) {}
