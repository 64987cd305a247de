package dev.upbeat.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one step's responses, all from one no-grad pass.
 *
 * @param observations one a response, null for a response that was left out because nothing is learnt from it, [B]
 * @param groups head groups that were found by this run; null if there are none or they are fixed
 * @param seconds that the pass took
 * @param rhythmSeconds the part of {@code seconds} that the attention metrics took
 */
public record ObservedStep(
        List<@Nullable Observation> observations, @Nullable HeadGroups groups, double seconds, double rhythmSeconds) {
    public ObservedStep {
        observations = Collections.unmodifiableList(new ArrayList<>(observations));
    }
}
