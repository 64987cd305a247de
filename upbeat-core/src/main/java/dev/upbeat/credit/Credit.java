package dev.upbeat.credit;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Per-token credit (arXiv 2510.13554, Eq. 12-13): the advantage of a response token is multiplied by gamma before the
 * clip. A pure function of what was seen: no gradient flows through it, equal batches give equal gammas. Made by {@link
 * CreditOptions#credit}.
 */
public sealed interface Credit
        permits ResponseCredit, RandomTokens, EntropySelection, Lopti, OwnColumn, OwnClass, Adjusted {
    /** In {@link #needs}: that a response's own advantage is read. */
    String ADVANTAGE = "advantage";

    /** What is read of a batch: names of series as {@link dev.upbeat.trace.Observation#series} knows them, ADVANTAGE. */
    Set<String> needs();

    /** The whole weight of each token, [B][T_b]. */
    float[][] gamma(CreditBatch batch);

    /**
     * The weights of successive updates: the learner goes through the whole batch once for each, in this order. They add
     * up to {@link #gamma}; all but Lopti ask for one.
     *
     * @return each [B][T_b]
     */
    default List<float[][]> phases(CreditBatch batch) {
        return List.<float[][]>of(gamma(batch));
    }

    /** Share of the anchors that are locally dominated, over the batch, NaN without an anchor; empty but for coupled-rhythm. */
    default OptionalDouble coupledShare(CreditBatch batch) {
        return OptionalDouble.empty();
    }
}
