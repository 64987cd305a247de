package dev.upbeat.eval;

import dev.upbeat.trace.Score;

/**
 * One answer of a model.
 *
 * @param text without special tokens
 * @param tokens its length, the stop token included
 * @param stopped whether the model ended it, rather than the limit of new tokens
 */
public record Answer(String text, int tokens, boolean stopped, Score score) {}
