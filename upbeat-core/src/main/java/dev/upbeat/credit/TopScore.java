package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Amplifies the tokens with the highest values of a series: baselines of the form of {@link GlobalAnchor}. {@code
 * high-entropy}: the entropy of the token's distribution. {@code gradient}: the norm of the gradient of the response's
 * log-likelihood with respect to the token's input embedding. {@code path-aggregation} (arXiv 2506.05744): the flow
 * through the token, from the last token backwards. {@code token-correlation}: the cosine between the token's last
 * hidden state and the mean over the response.
 *
 * @param series name of the series
 */
record TopScore(String series, Selection selection) implements GammaCredit.PerResponse {
    @Override
    public Set<String> needs() {
        return Set.of(series);
    }

    @Override
    public float[] gamma(Observation observation) {
        float[] score = observation.series(series);
        if (score == null) {
            throw new BadInputException(
                    "credit: the observations have no series " + series + ", expected one; measure it first");
        }
        return selection.gamma(selection.of(score));
    }
}
