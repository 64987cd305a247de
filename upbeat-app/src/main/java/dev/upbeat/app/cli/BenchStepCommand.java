package dev.upbeat.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.bench.StepBenchmark;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.credit.Credit;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.rollout.SamplingWeights;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code upbeat bench step}. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "step",
        description = "A whole GRPO step: rollouts, observation with rhythm, credit, one gradient step.",
        footerHeading = "%nExample:%n",
        footer = "  upbeat bench step model.gguf --prompts 4 --group 8 --prompt-tokens 100 --new-tokens 128")
final class BenchStepCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private ModelFlags model = new ModelFlags();

    @Option(names = "--prompts", paramLabel = "N", defaultValue = "4", description = "Prompts per step (default: 4).")
    private int prompts;

    @Option(names = "--group", paramLabel = "G", defaultValue = "8", description = "Responses per prompt (default: 8).")
    private int group;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "N",
            defaultValue = "100",
            description = "Length of each prompt (default: 100).")
    private int promptTokens;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Length of each response (default: 128).")
    private int newTokens;

    @Option(
            names = "--rollout-weights",
            paramLabel = "exact|int8",
            defaultValue = "exact",
            description = "Weights that draw the responses (default: exact).")
    private SamplingWeights weights = SamplingWeights.EXACT;

    @Option(
            names = "--credit",
            paramLabel = "STRATEGY",
            defaultValue = "coupled-rhythm",
            description = "Credit strategy, which weights each token's advantage (default: coupled-rhythm).")
    private String credit = "";

    @Option(
            names = "--lora-rank",
            paramLabel = "R",
            defaultValue = "0",
            description =
                    "Trains a low-rank update (LoRA) of this rank of all linear layers; 0: all weights (default: 0).")
    private int loraRank;

    @Option(
            names = "--gradient-checkpointing",
            description = "Recomputes layers in the backward pass instead of storing their activations.")
    private boolean checkpointing;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Timed steps after the warm-up; the result reports medians (default: 5).")
    private int runs;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1",
            description = "Steps before the timed ones (default: 1).")
    private int warmUp;

    @Override
    public Integer call() throws IOException {
        atLeast(1, "--prompts", prompts);
        atLeast(2, "--group", group);
        atLeast(1, "--prompt-tokens", promptTokens);
        atLeast(1, "--new-tokens", newTokens);
        atLeast(0, "--lora-rank", loraRank);
        atLeast(1, "--runs", runs);
        atLeast(0, "--warm-up", warmUp);
        Credit strategy = CreditOptions.of(credit).credit();
        StepBenchmark.Shape shape = new StepBenchmark.Shape(prompts, group, promptTokens, newTokens, weights);
        try (StepBenchmark benchmark = benchmark(shape, strategy)) {
            common.out().println(new ObjectMapper().writeValueAsString(benchmark.run(runs, warmUp)));
        }
        return ExitCode.DONE;
    }

    /**
     * Makes the benchmark and closes the checkpoint, as training does, because its mapped file would count as memory.
     */
    private StepBenchmark benchmark(StepBenchmark.Shape shape, Credit strategy) throws IOException {
        try (Checkpoint checkpoint = model.open(common)) {
            StepBenchmark.Learning learning = new StepBenchmark.Learning(loraRank, checkpointing);
            return new StepBenchmark(model.name(), checkpoint, model.dtype(checkpoint), shape, learning, strategy);
        }
    }

    private void atLeast(int least, String option, int value) {
        if (value < least) {
            throw new ParameterException(common.commandLine(), option + " " + value + ": expected at least " + least);
        }
    }
}
