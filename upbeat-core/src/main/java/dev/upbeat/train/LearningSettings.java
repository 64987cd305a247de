package dev.upbeat.train;

import dev.upbeat.checkpoint.peft.LoraSettings;
import dev.upbeat.learn.Optimization;
import dev.upbeat.learn.PolicyLoss;
import dev.upbeat.learn.Schedule;
import dev.upbeat.learn.Updater;
import dev.upbeat.train.config.CriticConfig;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.LearnConfig;
import dev.upbeat.train.config.LoraConfig;
import dev.upbeat.train.config.OptimizerConfig;
import java.util.Locale;

/** Plain values of loss and optimisation, from the configuration. */
final class LearningSettings {
    private LearningSettings() {}

    static PolicyLoss loss(GrpoConfig config) {
        LearnConfig learn = config.learn();
        return new PolicyLoss(
                PolicyLoss.Average.valueOf(constant(learn.loss())),
                learn.clip()[0],
                learn.clip()[1],
                learn.kl(),
                learn.entropy(),
                config.rollout().maxNewTokens());
    }

    static Updater.Responses responses(GrpoConfig config) {
        LearnConfig learn = config.learn();
        return new Updater.Responses(
                learn.overlong().equals("mask"),
                !config.rollout().weights().equals("exact"),
                learn.rolloutIs().equals("token") ? learn.rolloutIsThreshold() : Double.POSITIVE_INFINITY);
    }

    private static String constant(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** @param gradientSteps gradient steps per training step */
    static Optimization optimization(OptimizerConfig config, int gradientSteps) {
        Schedule schedule = new Schedule(
                Schedule.Shape.valueOf(constant(config.schedule())),
                config.learningRate(),
                (long) config.warmup() * gradientSteps,
                (long) config.steps() * gradientSteps,
                config.finalShare());
        return new Optimization(
                schedule,
                config.betas()[0],
                config.betas()[1],
                1e-8,
                config.weightDecay(),
                config.gradClip() == 0 ? Double.MAX_VALUE : config.gradClip(),
                config.microBatchTokens(),
                config.gradientCheckpointing());
    }

    /** @param config of the policy: micro-batches are alike */
    static Optimization optimization(CriticConfig critic, OptimizerConfig config) {
        return new Optimization(
                Schedule.constant(critic.learningRate()),
                0.9,
                0.999,
                1e-8,
                0,
                1,
                config.microBatchTokens(),
                config.gradientCheckpointing());
    }

    static LoraSettings lora(LoraConfig config) {
        return new LoraSettings(config.rank(), config.alpha(), config.dropout(), config.targets(), config.rslora());
    }
}
