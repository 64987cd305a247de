package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.List;
import java.util.Set;

/**
 * Per-token credit (arXiv 2510.13554, Eq. 12-13). A pure function of the step: no gradient flows through it, and equal
 * steps give equal updates. Created by {@link CreditOptions#credit}.
 */
public sealed interface Credit permits GammaCredit, Lopti, Capo, AsyPpo {
    /** Name in {@link #needs} for the advantages of the responses. */
    String ADVANTAGE = "advantage";

    /** Names of the series that are read, as in {@link dev.upbeat.trace.Observation#series}, or {@link #ADVANTAGE}. */
    Set<String> needs();

    /**
     * Whether all responses must be observed, also those of groups with equal rewards, whose advantage A is 0. True if
     * they influence the weights of other responses, or if their tokens have advantages of their own.
     */
    default boolean needsAllResponses() {
        return false;
    }

    /** Number of updates that {@link #apply} returns. */
    default int updates() {
        return 1;
    }

    /**
     * Computes the updates of the policy, in order. Called once per step, and again for the responses that are only
     * recorded (never if {@link #needsAllResponses}).
     */
    List<Update> apply(Step step);
}
