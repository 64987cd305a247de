package dev.upbeat.eval;

import dev.upbeat.trace.Score;

/**
 * One answer of a model.
 *
 * @param text text without special tokens
 * @param tokens number of tokens, including the stop token
 * @param stopped whether the model ended the answer, instead of the limit of new tokens
 */
public record Answer(String text, int tokens, boolean stopped, Score score) {}
