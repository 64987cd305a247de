package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.train.StartFiles;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.SftConfig;
import dev.upbeat.train.config.TaskConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The lines that say what a configuration trains, before anything is loaded. */
final class TrainingSummary {
    /** Larger files are not read to count their rows. */
    private static final long LARGEST_COUNTED = 64 << 20;

    private TrainingSummary() {}

    static List<String> of(TrainConfig config, boolean resume) throws IOException {
        return List.of(
                "train:  " + method(config),
                "model:  " + model(config),
                "data:   " + data(config),
                "out:    " + config.out() + start(config.out(), resume));
    }

    private static String start(Path out, boolean resume) throws IOException {
        if (!TrainingRun.isBegun(out)) {
            return ", a new run";
        }
        if (!resume) {
            return ""; // rejected next
        }
        return TrainingRun.latestCheckpoint(out)
                .map(step -> ", continued from checkpoint-" + step)
                .orElse(", started again, because it has no checkpoint");
    }

    private static String method(TrainConfig config) {
        String steps = CommonOptions.counted(config.optimizer().steps(), "step");
        if (config instanceof GrpoConfig grpo) {
            return "GRPO with " + grpo.credit().options().strategy() + " credit, " + steps + " of "
                    + grpo.rollout().prompts() + " prompts x " + grpo.rollout().group() + " responses";
        }
        return "supervised, " + steps + " of " + ((SftConfig) config).batch() + " traces";
    }

    private static String model(TrainConfig config) throws IOException {
        String model = config.model();
        if (model == null) {
            return "from random weights";
        }
        String shown = Objects.requireNonNull(config.modelName());
        if (Files.exists(Path.of(model))) {
            return shown;
        }
        try {
            return shown
                    + (StartFiles.find(config) == null ? ", a hub id, not downloaded yet" : ", a hub id, in the cache");
        } catch (BadInputException e) {
            return shown; // reported when it is needed: a run that is continued has its own weights
        }
    }

    private static String data(TrainConfig config) throws IOException {
        List<String> parts = new ArrayList<>();
        TaskConfig task = config.task();
        if (task != null) {
            boolean generates = config.data().keySet().stream().allMatch(key -> key.startsWith("eval."));
            parts.add("task " + task.options().name() + (generates ? ", problems that it generates" : ""));
        }
        for (Map.Entry<String, Path> file : config.data().entrySet()) {
            Long rows = rows(file.getValue());
            boolean benchmark = file.getKey().startsWith("eval.");
            parts.add((benchmark ? "benchmark" : file.getKey().replaceFirst(".*\\.", "")) + " " + file.getValue()
                    + (rows == null ? "" : " (" + rows + " rows)"));
        }
        return String.join(", ", parts);
    }

    /** The lines of a JSONL file; null for another file, a large or a missing one. */
    private static @Nullable Long rows(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_COUNTED) {
            return null;
        }
        long lines = 0;
        int last = '\n';
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                if (lines == 0 && last == '\n' && buffer[0] != '{') {
                    return null;
                }
                for (int i = 0; i < count; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                last = buffer[count - 1];
            }
        }
        return lines + (last == '\n' ? 0 : 1);
    }
}
