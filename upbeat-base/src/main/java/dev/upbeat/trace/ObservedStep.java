package dev.upbeat.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one step's responses, all from one no-grad pass.
 *
 * @param observations one per response, [B]; null for a response that was not observed because its group has equal
 *     rewards
 * @param groups head groups found in this run; null if there are none or they are fixed
 * @param seconds duration of the pass
 * @param rhythmSeconds part of {@code seconds} that the attention metrics took
 */
public record ObservedStep(
        List<@Nullable Observation> observations, @Nullable HeadGroups groups, double seconds, double rhythmSeconds) {
    public ObservedStep {
        observations = Collections.unmodifiableList(new ArrayList<>(observations));
    }
}
