package dev.upbeat.train.config;

/**
 * How GRPO learns (Eq. 5-6, 12).
 *
 * @param optimizer steps, rate and clipping
 * @param minibatch responses a gradient step
 * @param clip how far the ratio of probabilities may go below and above 1
 * @param loss how the tokens' losses are averaged: {@code seq-mean-token-mean}, {@code token-mean}, {@code
 *     seq-mean-token-sum-norm}
 * @param kl weight of the KL to the model that training started from (k3)
 * @param entropy weight of the entropy that is rewarded
 * @param overlong what becomes of truncated responses: {@code keep}, {@code mask} (no gradient), {@code punish} (DAPO's soft
 *     punishment)
 * @param overlongBuffer tokens before the most over which the punishment grows to 1
 */
public record LearnConfig(
        OptimizerConfig optimizer,
        int minibatch,
        double[] clip,
        String loss,
        double kl,
        double entropy,
        String overlong,
        int overlongBuffer) {

    static LearnConfig read(Section section, RolloutConfig rollout) {
        LearnConfig config = new LearnConfig(
                OptimizerConfig.read(section),
                section.dependentInteger("minibatch", rollout.responses(), 1, Integer.MAX_VALUE),
                section.pair("clip", 0.2, 0.2, new Range(0, true, 1e6)),
                section.choice(
                        "loss", "seq-mean-token-mean", "seq-mean-token-mean", "token-mean", "seq-mean-token-sum-norm"),
                section.number("kl", 0.0, Range.atLeast(0)),
                section.number("entropy", 0.0, Range.atLeast(0)),
                section.choice("overlong", "keep", "keep", "mask", "punish"),
                section.dependentInteger(
                        "overlong_buffer", Math.max(1, rollout.maxNewTokens() / 5), 1, Integer.MAX_VALUE));
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
