package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Credit for the tokens of highest score, whatever the score: baselines in the frame of {@link GlobalAnchor}. {@code
 * high-entropy}: the entropy that a token was drawn from. {@code gradient}: the norm of the gradient of the response's
 * log-likelihood by the token's input embedding. {@code path-aggregation} (arXiv 2506.05744): the flow through the token
 * back from the last one. {@code token-correlation}: the cosine of its last hidden state with the response's mean.
 *
 * @param series name of the score's column
 */
record TopScore(String series, Selection selection) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of(series);
    }

    @Override
    public float[] gamma(Observation seen) {
        float[] score = seen.series(series);
        if (score == null) {
            throw new BadInputException("credit: there is no " + series + " in what was observed; have it measured");
        }
        return selection.gamma(selection.of(score));
    }
}
