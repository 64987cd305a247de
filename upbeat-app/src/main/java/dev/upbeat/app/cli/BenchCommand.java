package dev.upbeat.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.Upbeat;
import dev.upbeat.app.bench.Benchmarks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.SamplingWeights;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code upbeat bench ...}: seconds and memory of one model on this machine, as JSON. */
@Command(
        name = "bench",
        description = {
            "Times the passes of a model, a whole GRPO step, or the peak of this machine.",
            "Uses random token ids, and prints one JSON object."
        },
        synopsisSubcommandLabel = "forward|observe|decode|step|peak",
        subcommands = {
            BenchCommand.Forward.class,
            BenchCommand.Observe.class,
            BenchCommand.Decode.class,
            BenchStepCommand.class,
            BenchPeakCommand.class
        },
        footerHeading = "%nExample:%n",
        footer =
                "  upbeat bench observe model.gguf --tokens 4096 --layers middle-third/5 --horizon 10:100 --receivers off")
final class BenchCommand implements Runnable {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public void run() {
        throw common.noCommand("benchmark");
    }

    /** A benchmark of a loaded model. */
    abstract static class Measurement implements Callable<Integer> {
        @Mixin
        CommonOptions common = new CommonOptions();

        @Mixin
        ModelFlags model = new ModelFlags();

        @Option(
                names = "--runs",
                paramLabel = "N",
                defaultValue = "5",
                description = "Timed runs after one warm-up run; the result reports medians (default: 5).")
        int runs;

        /** Checks the options before the model is loaded. */
        abstract void check();

        abstract Map<String, Object> measure(Upbeat loaded, Benchmarks benchmarks);

        @Override
        public Integer call() throws IOException {
            atLeast(1, "--runs", runs);
            check();
            try (Upbeat loaded = model.load(common)) {
                common.out().println(json(measure(loaded, new Benchmarks(model.name(), loaded, runs))));
            }
            return ExitCode.DONE;
        }

        void atLeast(int least, String option, int value) {
            if (value < least) {
                throw new ParameterException(
                        common.commandLine(), option + " " + value + ": expected at least " + least);
            }
        }

        private static String json(Map<String, Object> result) throws JsonProcessingException {
            return new ObjectMapper().writeValueAsString(result);
        }
    }

    /** A benchmark of one sequence. */
    abstract static class SequenceMeasurement extends Measurement {
        @Option(names = "--tokens", paramLabel = "N", required = true, description = "Length of the sequence.")
        int tokens;

        @Option(names = "--beyond-context", description = "Accept a sequence longer than the model's context.")
        private boolean beyondContext;

        @Override
        void check() {
            atLeast(2, "--tokens", tokens);
        }

        abstract Map<String, Object> measureSequence(Upbeat loaded, Benchmarks benchmarks);

        @Override
        final Map<String, Object> measure(Upbeat loaded, Benchmarks benchmarks) {
            int context = loaded.config().context();
            if (tokens > context && !beyondContext) {
                throw new BadInputException("--tokens " + tokens + " is more than the model's context of " + context
                        + "; give fewer, or allow it with --beyond-context");
            }
            return measureSequence(loaded, benchmarks);
        }
    }

    /** {@code upbeat bench forward}. */
    @Command(
            name = "forward",
            description = "One forward pass with log-probs and entropies.",
            footerHeading = "%nExample:%n",
            footer = "  upbeat bench forward model.gguf --tokens 4096")
    static final class Forward extends SequenceMeasurement {
        @Override
        Map<String, Object> measureSequence(Upbeat loaded, Benchmarks benchmarks) {
            return benchmarks.forward(tokens);
        }
    }

    /** {@code upbeat bench observe}. */
    @Command(
            name = "observe",
            description = "The forward pass, alternately with and without measuring the rhythm.",
            footerHeading = "%nExample:%n",
            footer = "  upbeat bench observe model.gguf --tokens 4096 --preset rl --receivers off")
    static final class Observe extends SequenceMeasurement {
        @Mixin
        private RhythmFlags rhythm = new RhythmFlags();

        @Option(
                names = "--columns",
                paramLabel = "NAME[,NAME]",
                hideParamSyntax = true,
                split = ",",
                description = "Also time the observation with these series, as in upbeat analyze: columns_s, and"
                        + " columns_ratio to observe_s.")
        private Set<String> columns = Set.of();

        @Override
        void check() {
            super.check();
            rhythm.check();
            RhythmOptions.Extras.requireMeasurable(columns);
        }

        @Override
        Map<String, Object> measureSequence(Upbeat loaded, Benchmarks benchmarks) {
            RhythmOptions.Extras extras = new RhythmOptions.Extras(0, null, columns);
            return benchmarks.observe(tokens, rhythm.options(loaded.config(), extras, null));
        }
    }

    /** {@code upbeat bench decode}. */
    @Command(
            name = "decode",
            description = "Sampling with a key/value cache.",
            footerHeading = "%nExample:%n",
            footer = "  upbeat bench decode model.gguf --batch 64 --prompt-tokens 128 --new-tokens 64")
    static final class Decode extends Measurement {
        @Option(names = "--batch", paramLabel = "B", required = true, description = "Sequences decoded together.")
        private int batch;

        @Option(
                names = "--prompt-tokens",
                paramLabel = "N",
                defaultValue = "128",
                description = "Length of each prompt (default: 128).")
        private int promptTokens;

        @Option(
                names = "--new-tokens",
                paramLabel = "N",
                defaultValue = "64",
                description = "Tokens to generate per sequence (default: 64).")
        private int newTokens;

        @Option(
                names = "--rollout-weights",
                paramLabel = "exact|int8",
                defaultValue = "exact",
                description = "Weights that draw the tokens; rounding them to int8 counts (default: exact).")
        private SamplingWeights weights = SamplingWeights.EXACT;

        @Override
        void check() {
            atLeast(1, "--batch", batch);
            atLeast(1, "--prompt-tokens", promptTokens);
            atLeast(1, "--new-tokens", newTokens);
        }

        @Override
        Map<String, Object> measure(Upbeat loaded, Benchmarks benchmarks) {
            int context = loaded.config().context();
            if ((long) promptTokens + newTokens > context) {
                throw new BadInputException("--prompt-tokens " + promptTokens + " plus --new-tokens " + newTokens
                        + " are more than the model's context of " + context + " tokens; give fewer");
            }
            return benchmarks.decode(batch, promptTokens, newTokens, weights);
        }
    }
}
