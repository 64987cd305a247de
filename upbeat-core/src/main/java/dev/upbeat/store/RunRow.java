package dev.upbeat.store;

import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace of a run with its observation.
 *
 * @param promptTokens text of each prompt token, [P]; null without a tokenizer
 * @param place step and group in a training; null in other runs
 */
public record RunRow(
        Trace trace,
        @Nullable List<String> promptTokens,
        Observation seen,
        @Nullable TrainingPlace place) {

    /** A trace of a run that is not a training. */
    public RunRow(Trace trace, @Nullable List<String> promptTokens, Observation seen) {
        this(trace, promptTokens, seen, null);
    }
}
