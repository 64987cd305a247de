package dev.upbeat.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The observations of one step's responses. The observations that credit and metrics read come from one no-grad pass.
 *
 * @param observations one per response, [B]; null for a response that was not observed because its group has equal
 *     rewards
 * @param groups head groups found in this run; null if there are none or they are fixed
 * @param seconds duration of the pass
 * @param rhythmSeconds part of {@code seconds} that the attention metrics took
 * @param recorded responses that were observed only to be recorded
 */
public record ObservedStep(
        List<@Nullable Observation> observations,
        @Nullable HeadGroups groups,
        double seconds,
        double rhythmSeconds,
        Recorded recorded) {

    /**
     * Responses with advantage 0 that were observed only to be recorded in the traces of the run.
     *
     * @param observations by the index of the response in the step
     * @param seconds duration of the pass
     */
    public record Recorded(Map<Integer, Observation> observations, double seconds) {
        public static final Recorded NONE = new Recorded(Map.of(), 0);

        public Recorded {
            observations = Map.copyOf(observations);
        }
    }

    public ObservedStep {
        observations = Collections.unmodifiableList(new ArrayList<>(observations));
    }

    /** An observed step without responses that are only recorded. */
    public ObservedStep(
            List<@Nullable Observation> observations,
            @Nullable HeadGroups groups,
            double seconds,
            double rhythmSeconds) {
        this(observations, groups, seconds, rhythmSeconds, Recorded.NONE);
    }

    /**
     * The same step with a further column of each observation.
     *
     * @param column gives the series of a response, [T], from its index and its observation
     */
    public ObservedStep with(String name, BiFunction<Integer, Observation, float[]> column) {
        List<@Nullable Observation> further = new ArrayList<>();
        for (int i = 0; i < observations.size(); i++) {
            Observation own = observations.get(i);
            further.add(own == null ? null : own.with(name, column.apply(i, own)));
        }
        Map<Integer, Observation> furtherRecorded = new HashMap<>();
        recorded.observations().forEach((i, own) -> furtherRecorded.put(i, own.with(name, column.apply(i, own))));
        return new ObservedStep(
                further, groups, seconds, rhythmSeconds, new Recorded(furtherRecorded, recorded.seconds()));
    }

    /** A step whose only observed responses are {@link #recorded}, so that credit can weight their tokens. */
    public ObservedStep recordedOnly() {
        Observation[] alone = new Observation[observations.size()];
        recorded.observations().forEach((i, observation) -> alone[i] = observation);
        return new ObservedStep(Arrays.asList(alone), groups, recorded.seconds(), 0);
    }
}
