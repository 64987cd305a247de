package dev.upbeat.train.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loss and optimisation of GRPO (Eq. 5-6, 12).
 *
 * @param optimizer steps, rate and clipping
 * @param minibatch responses per gradient step
 * @param clip how far the ratio of probabilities may go below and above 1
 * @param loss how the tokens' losses are averaged: {@code seq-mean-token-mean}, {@code token-mean}, {@code
 *     seq-mean-token-sum-norm}
 * @param kl weight of the KL to the model that training started from (k3)
 * @param entropy weight of the entropy bonus
 * @param overlong treatment of truncated responses: {@code keep}, {@code mask} (no gradient), {@code punish} (DAPO's soft
 *     punishment)
 * @param overlongBuffer number of tokens before the length limit over which the punishment grows to 1
 * @param advantageStd divisor of a group's standard deviation in the advantages: {@code sample} (n - 1) or {@code
 *     population} (n)
 * @param rolloutIs truncated importance weights for responses that other weights drew: {@code none} or {@code token}
 * @param rolloutIsThreshold largest importance weight
 * @param lora low-rank update that is trained; null to train all weights
 */
public record LearnConfig(
        OptimizerConfig optimizer,
        int minibatch,
        double[] clip,
        String loss,
        double kl,
        double entropy,
        String overlong,
        int overlongBuffer,
        String advantageStd,
        String rolloutIs,
        double rolloutIsThreshold,
        @Nullable LoraConfig lora) {

    static LearnConfig read(Section section, RolloutConfig rollout) {
        LearnConfig config = new LearnConfig(
                OptimizerConfig.read(section),
                section.dependent("minibatch", rollout.responses()).integer(1, Integer.MAX_VALUE),
                section.optional("clip", List.of(0.2, 0.2)).pair(new Range(0, true, 1e6)),
                section.optional("loss", "seq-mean-token-mean")
                        .choice("seq-mean-token-mean", "token-mean", "seq-mean-token-sum-norm"),
                section.optional("kl", 0.0).number(Range.atLeast(0)),
                section.optional("entropy", 0.0).number(Range.atLeast(0)),
                section.optional("overlong", "keep").choice("keep", "mask", "punish"),
                section.dependent("overlong_buffer", Math.max(1, rollout.maxNewTokens() / 5))
                        .integer(1, Integer.MAX_VALUE),
                section.added("advantage_std", "sample").choice("sample", "population"),
                section.added("rollout_is", "none").choice("none", "token"),
                section.added("rollout_is_threshold", 2.0).number(Range.above(0)),
                LoraConfig.read(section));
        check(config, section, rollout);
        return config;
    }

    private static void check(LearnConfig config, Section section, RolloutConfig rollout) {
        String batch = rollout.prompts() + " prompts x " + rollout.group() + " responses = " + rollout.responses();
        if (config.minibatch > rollout.responses()) {
            throw section.wrong("minibatch", "at most the batch of " + batch);
        }
        if (rollout.responses() % config.minibatch != 0) {
            throw section.wrong(
                    "minibatch", "a divisor of the batch of " + batch + ", so that all gradient steps weigh alike");
        }
        if (config.clip[0] >= 1) {
            throw section.wrong("clip", "a lower bound below 1: a ratio of probabilities is never negative");
        }
        if (config.overlongBuffer > rollout.maxNewTokens()) {
            throw section.wrong(
                    "overlong_buffer", "at most rollout.max_new_tokens, which is " + rollout.maxNewTokens());
        }
    }
}
