package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.List;
import java.util.Set;

/**
 * Per-token credit (arXiv 2510.13554, Eq. 12-13). A pure function of the step: no gradient flows through it, and equal steps
 * give equal updates. Made by {@link CreditOptions#credit}.
 */
public sealed interface Credit permits GammaCredit, Lopti {
    /** In {@link #needs}: the advantages of the responses. */
    String ADVANTAGE = "advantage";

    /** What is read of a step: names of series as {@link dev.upbeat.trace.Observation#series} knows them, {@link #ADVANTAGE}. */
    Set<String> needs();

    /** Number of updates that {@link #apply} returns. */
    default int updates() {
        return 1;
    }

    /** The updates of the policy, in their order. Called once a step. */
    List<Update> apply(Step step);
}
