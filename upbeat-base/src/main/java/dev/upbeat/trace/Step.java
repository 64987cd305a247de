package dev.upbeat.trace;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of policy optimisation: rollouts, scores, advantages and observations. Credit, the learner and the journal
 * read this record.
 *
 * @param seed seed of the run
 * @param number step number, starting at 1, as in metrics and traces
 * @param ids id of each response, [B]
 * @param advantages advantage A_i of each response (Eq. 6), [B]
 * @param observed observations of the responses
 * @param rollouts null if the step was read from a file of measured traces
 * @param scores null if the step was read from a file of measured traces
 */
public record Step(
        long seed,
        long number,
        List<String> ids,
        float[] advantages,
        ObservedStep observed,
        @Nullable Rollouts rollouts,
        @Nullable Scores scores) {
    public Step {
        ids = List.copyOf(ids);
        if (observed.observations().size() != ids.size() || advantages.length != ids.size()) {
            throw new IllegalArgumentException(
                    ids.size() + " ids, " + observed.observations().size() + " observations and " + advantages.length
                            + " advantages; expected B of each");
        }
    }

    /** A step of training. */
    public Step(long seed, long number, Rollouts rollouts, Scores scores, float[] advantages, ObservedStep observed) {
        this(seed, number, rollouts.traces().stream().map(Trace::id).toList(), advantages, observed, rollouts, scores);
    }

    /** A step read from traces that were measured before. */
    public static Step measured(
            long seed, long number, List<String> ids, List<Observation> observations, float[] advantages) {
        return new Step(
                seed, number, ids, advantages, new ObservedStep(List.copyOf(observations), null, 0, 0), null, null);
    }

    /** The same step, in which only the responses that were observed to be recorded count as observed. */
    public Step recordedOnly() {
        return new Step(seed, number, ids, advantages, observed.recordedOnly(), rollouts, scores);
    }

    /** B, the number of responses. */
    public int size() {
        return ids.size();
    }

    /** Whether response {@code i} was observed. */
    public boolean isObserved(int i) {
        return observed.observations().get(i) != null;
    }

    /**
     * The observation of response {@code i}.
     *
     * @throws NullPointerException if the response was not observed
     */
    public Observation observation(int i) {
        return Objects.requireNonNull(
                observed.observations().get(i), () -> "response " + ids.get(i) + " was not observed");
    }

    /** T, the number of response tokens of response {@code i}. */
    public int length(int i) {
        Observation observation = observed.observations().get(i);
        return observation != null
                ? observation.length()
                : trainingRollouts().traces().get(i).responseIds().length;
    }

    /** The rollouts of a training step. */
    public Rollouts trainingRollouts() {
        return Objects.requireNonNull(rollouts, "this step was read from measured traces and has no rollouts");
    }

    /** The scores of a training step. */
    public Scores trainingScores() {
        return Objects.requireNonNull(scores, "this step was read from measured traces and has no scores");
    }
}
