package dev.upbeat.store;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace of a run and what was seen of it.
 *
 * @param promptTokens text of each prompt token, [P]; null without a tokenizer
 */
public record RunRow(Trace trace, @Nullable List<String> promptTokens, Observation seen) {}
