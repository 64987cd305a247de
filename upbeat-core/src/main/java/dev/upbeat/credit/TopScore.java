package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.Set;

/**
 * Amplifies the tokens with the highest values of a series, as {@link GlobalAnchor} does with FAI. Baselines:
 *
 * <ul>
 *   <li>{@code high-entropy}: entropy of the distribution that the token was drawn from.
 *   <li>{@code gradient}: norm of the gradient of the response's log-likelihood with respect to the token's input embedding.
 *   <li>{@code path-aggregation} (arXiv 2506.05744): attention flow through the token, from the last token backwards.
 *   <li>{@code token-correlation}: cosine between the token's last hidden state and the mean over the response.
 * </ul>
 *
 * <p>Later methods, in the same frame:
 *
 * <ul>
 *   <li>{@code flowtracer} (arXiv 2606.10646): flow from the prompt to the answer through the token.
 *   <li>{@code attnrl} (arXiv 2509.26628): attention that later steps pay to the token's step. That paper uses it
 *       to choose branching points; its use as credit is a choice of this project.
 * </ul>
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
        return selection.gamma(selection.of(score(observation, series)));
    }

    /**
     * The series with the given name.
     *
     * @throws BadInputException if the observation lacks it
     */
    static float[] score(Observation observation, String series) {
        float[] score = observation.series(series);
        if (score == null) {
            throw new BadInputException("credit: the observations have no series " + series + "; measure it first");
        }
        return score;
    }
}
