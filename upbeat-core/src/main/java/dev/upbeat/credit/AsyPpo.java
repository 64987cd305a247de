package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * AsyPPO (arXiv 2510.01656): the advantage of a token is GAE(1, 1), the reward of the response minus the critics' mean value
 * of the state before the token. It is 0 at the tokens of the batch on which the critics agree most; an entropy term leaves
 * out those on which they disagree most. Choices:
 *
 * <ol>
 *   <li>Both shares are of all tokens of the step; exactly ceil(q n) of its n tokens are selected, ties to the earlier
 *       response, then the earlier position.
 *   <li>In the first steps, while the critics learn, the advantage of a token is A of its response, as in GRPO.
 *   <li>Advantages are not normalised over the batch.
 *   <li>Tokens with advantage 0 stay in the denominators of the loss.
 * </ol>
 *
 * @param warmup number of steps before the critics are used
 * @param certainShare share of the tokens whose advantage is 0
 * @param uncertainShare share of the tokens that an entropy term leaves out
 */
record AsyPpo(int warmup, double certainShare, double uncertainShare) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of(Observation.VALUE, Observation.VALUE_STD);
    }

    @Override
    public boolean needsAllResponses() {
        return true;
    }

    @Override
    public List<Update> apply(Step step) {
        float[][] values = series(step, Observation.VALUE);
        float[][] deviations = series(step, Observation.VALUE_STD);
        double[] rewards = step.trainingScores().rewards();
        boolean used = step.number() > warmup;
        boolean[][] certain = selected(deviations, certainShare, true);
        double[][] advantages = new double[step.size()][];
        for (int i = 0; i < advantages.length; i++) {
            advantages[i] = new double[values[i].length];
            for (int t = 0; t < advantages[i].length; t++) {
                double ofValue = certain[i][t] ? 0 : rewards[i] - values[i][t];
                advantages[i][t] = used ? ofValue : step.advantages()[i];
            }
        }
        boolean @Nullable [][] entropyTokens = used ? negated(selected(deviations, uncertainShare, false)) : null;
        return List.of(new Update(advantages, null, entropyTokens, metrics(values, deviations, rewards)));
    }

    private static float[][] series(Step step, String name) {
        float[][] all = new float[step.size()][];
        for (int i = 0; i < all.length; i++) {
            float[] own = step.observation(i).series(name);
            if (own == null) {
                throw new BadInputException("credit: trace " + step.ids().get(i) + " has no series " + name
                        + "; expected the values of critics");
            }
            for (float value : own) {
                if (Float.isNaN(value)) {
                    throw new BadInputException("credit: trace " + step.ids().get(i) + " has an undefined " + name
                            + "; expected a number for each token");
                }
            }
            all[i] = own;
        }
        return all;
    }

    /** The tokens of the batch with the lowest or the highest values, as masks, [B][T]. */
    private static boolean[][] selected(float[][] values, double share, boolean lowest) {
        float[] pooled =
                new float[Arrays.stream(values).mapToInt(own -> own.length).sum()];
        int end = 0;
        for (float[] own : values) {
            System.arraycopy(own, 0, pooled, end, own.length);
            end += own.length;
        }
        boolean[] mask =
                share == 0 ? new boolean[pooled.length] : new Selection(share, lowest, 1, Ties.EARLIER).of(pooled);
        boolean[][] masks = new boolean[values.length][];
        end = 0;
        for (int i = 0; i < masks.length; i++) {
            masks[i] = Arrays.copyOfRange(mask, end, end + values[i].length);
            end += values[i].length;
        }
        return masks;
    }

    private static boolean[][] negated(boolean[][] masks) {
        for (boolean[] mask : masks) {
            for (int t = 0; t < mask.length; t++) {
                mask[t] = !mask[t];
            }
        }
        return masks;
    }

    /** Statistics over all tokens, also before the critics are used. */
    private static Map<String, Double> metrics(float[][] values, float[][] deviations, double[] rewards) {
        double value = 0;
        double deviation = 0;
        double reward = 0;
        long tokens = 0;
        for (int i = 0; i < values.length; i++) {
            for (int t = 0; t < values[i].length; t++) {
                value += values[i][t];
                deviation += deviations[i][t];
            }
            reward += rewards[i] * values[i].length;
            tokens += values[i].length;
        }
        double meanError = (reward - value) / tokens;
        double squaredError = 0;
        double residual = 0;
        double total = 0;
        for (int i = 0; i < values.length; i++) {
            for (float own : values[i]) {
                squaredError += Math.pow(rewards[i] - own, 2);
                residual += Math.pow(rewards[i] - own - meanError, 2);
                total += Math.pow(rewards[i] - reward / tokens, 2);
            }
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("critic/value_mean", value / tokens);
        metrics.put("critic/value_std", deviation / tokens);
        metrics.put("critic/squared_error", squaredError / tokens);
        metrics.put("critic/explained_variance", total == 0 ? Double.NaN : 1 - residual / total);
        return metrics;
    }
}
