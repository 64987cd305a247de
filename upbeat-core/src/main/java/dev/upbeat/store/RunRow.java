package dev.upbeat.store;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace of a run with its observation.
 *
 * @param promptTokens text of each prompt token, [P]; null without a tokenizer
 * @param place where in a training; null elsewhere
 */
public record RunRow(
        Trace trace,
        @Nullable List<String> promptTokens,
        Observation seen,
        @Nullable TrainingPlace place) {

    /** Of a run that is no training. */
    public RunRow(Trace trace, @Nullable List<String> promptTokens, Observation seen) {
        this(trace, promptTokens, seen, null);
    }
}
