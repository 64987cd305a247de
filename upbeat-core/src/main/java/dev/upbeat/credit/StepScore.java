package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * Credit from a verifier's scores of the steps ({@code thinkprm}, after arXiv 2504.16828): amplifies the tokens with
 * the highest scores if the response's advantage is positive, those with the lowest if it is negative. Choices:
 *
 * <ol>
 *   <li>All tokens of a step have its score, so the cut may fall inside a step; {@code ties} decides which of its
 *       tokens are selected.
 *   <li>A response without a judgement has the weight 1 everywhere, as in GRPO.
 * </ol>
 */
record StepScore(double share, double amplification, Ties ties) implements GammaCredit {
    @Override
    public Set<String> needs() {
        return Set.of(Observation.STEP_SCORE, ADVANTAGE);
    }

    @Override
    public Gamma gamma(Step step) {
        float[][] gamma = new float[step.size()][];
        int weighted = 0;
        int unjudged = 0;
        for (int i = 0; i < gamma.length; i++) {
            gamma[i] = new float[step.isObserved(i) ? step.length(i) : 0];
            Arrays.fill(gamma[i], 1);
            float advantage = step.advantages()[i];
            if (step.isObserved(i) && advantage != 0) {
                float[] score = score(step, i);
                Selection selection = new Selection(share, advantage < 0, amplification, ties);
                gamma[i] = selection.gamma(selection.of(score));
                weighted++;
                unjudged += isUndefined(score) ? 1 : 0;
            }
        }
        return new Gamma(gamma, Map.of("credit/unjudged_share", (double) unjudged / weighted));
    }

    private static float[] score(Step step, int i) {
        float[] score = step.observation(i).series(Observation.STEP_SCORE);
        if (score == null) {
            throw new BadInputException("credit: trace " + step.ids().get(i) + " has no series "
                    + Observation.STEP_SCORE + "; expected the scores of a verifier");
        }
        return score;
    }

    private static boolean isUndefined(float[] score) {
        for (float value : score) {
            if (!Float.isNaN(value)) {
                return false;
            }
        }
        return true;
    }
}
