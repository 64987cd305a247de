package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** Trainings of some seconds, of a model with some thousand weights. */
@NullMarked
public final class TinyRuns {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SFT = """
            kind: sft
            architecture: {layers: 3, hidden: 16, heads: 2, kv_heads: 1, head_dim: 8, mlp: 24, context: 160}
            task: {name: countdown, test: 4}
            learn: {steps: 6, batch: 4, learning_rate: 3.0e-3, schedule: cosine, warmup: 2}
            validation: {every: 3, traces: 4}
            eval: {every: 3, max_new_tokens: 12}
            checkpoint: {every: 2}
            """;
    /** The length penalty gives the responses of a group different rewards. */
    private static final String GRPO = """
            kind: grpo
            task: {name: countdown, train: 50, test: 4, format_reward: 0.5, length_penalty: 0.25, length_from: 0, length_to: 200}
            rollout: {prompts: 2, group: 4, max_new_tokens: 30}
            rhythm: {groups: {every: 2}, horizon: [2, 20]}
            learn: {steps: 6, minibatch: 4, learning_rate: 1.0e-3}
            eval: {every: 3}
            checkpoint: {every: 2, keep_last: 1}
            journal: {traces_every: 2, traces: 4}
            """;

    private TinyRuns() {}

    /** A listener that does not listen. */
    public static final TrainingListener SILENT = new TrainingListener() {
        @Override
        public void began(long step, long steps) {}

        @Override
        public void stepped(Map<String, ?> metrics) {}

        @Override
        public void warn(String text) {}
    };

    static TrainConfig sft(Path directory, String... overrides) throws IOException {
        return config(directory, "sft.yaml", SFT, overrides);
    }

    /** GRPO on a model that {@link #model} made in the same directory. */
    public static TrainConfig grpo(Path directory, String... overrides) throws IOException {
        return config(
                directory, "grpo.yaml", GRPO + "model: " + directory.resolve("sft/checkpoint-6") + "\n", overrides);
    }

    private static TrainConfig config(Path directory, String name, String yaml, String... overrides)
            throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, yaml + "out: " + directory.resolve(name.replace(".yaml", "")) + "\n");
        return TrainConfig.read(file, Arrays.asList(overrides));
    }

    /** Makes the model that {@link #grpo} trains. */
    public static void model(Path directory) throws IOException {
        train(sft(directory, "validation.every=0", "eval.every=0"));
    }

    static Training.Result train(TrainConfig config) throws IOException {
        return train(config, false, () -> false);
    }

    /** Begins a training and stops it after a step. */
    static Training.Result trainTo(TrainConfig config, long step) throws IOException {
        AtomicLong done = new AtomicLong(-1);
        return train(config, false, () -> done.get() >= step, new TrainingListener() {
            @Override
            public void began(long at, long steps) {}

            @Override
            public void stepped(Map<String, ?> metrics) {
                done.set((Long) Objects.requireNonNull(metrics.get("step")));
            }

            @Override
            public void warn(String text) {}
        });
    }

    public static Training.Result train(TrainConfig config, boolean resume, BooleanSupplier stop) throws IOException {
        return train(config, resume, stop, SILENT);
    }

    static Training.Result train(TrainConfig config, boolean resume, BooleanSupplier stop, TrainingListener listener)
            throws IOException {
        Training.Options options = new Training.Options(resume, 1, (file, done, total) -> {});
        try (Training training = Training.open(config, options, listener)) {
            return training.run(stop);
        }
    }

    /** Warnings of a training to its end. */
    static List<String> warnings(TrainConfig config) throws IOException {
        Warnings warnings = new Warnings();
        train(config, false, () -> false, warnings);
        return warnings.texts;
    }

    /** The lines of metrics.jsonl, but for what a clock told. */
    static List<String> metrics(Path run) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            ObjectNode values = (ObjectNode) JSON.readTree(line);
            List<String> names = new ArrayList<>();
            values.fieldNames().forEachRemaining(names::add);
            names.stream()
                    .filter(name -> name.startsWith("time/") || name.equals("tokens_per_s"))
                    .forEach(values::remove);
            lines.add(values.toString());
        }
        return lines;
    }

    /** Every file of a checkpoint, the trainer's state among them, is the same byte by byte. */
    static void requireSameCheckpoint(Path one, Path other) throws IOException {
        assertThat(names(one)).contains("config.json", "tokenizer.json").isEqualTo(names(other));
        for (String name : names(one)) {
            if (Files.isRegularFile(one.resolve(name))) {
                assertThat(one.resolve(name)).hasSameBinaryContentAs(other.resolve(name));
            }
        }
    }

    /** Of all files and directories below one, in order. */
    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(path -> directory.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    static JsonNode line(Path run, int number) throws IOException {
        return JSON.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).get(number));
    }
}
