package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.app.serve.RunSummary.State;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.store.WriterLock;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where each run stands, from the files of its directory and from the lock that its process holds. */
final class RunStates {
    private static final String CONFIG = "config.yaml";

    private static final YAMLMapper YAML = new YAMLMapper();

    /** Largest config.yaml that is read, bytes. */
    private static final long CONFIG_BYTES = 1 << 20;

    /** Bytes at the end of the metrics: some lines, whose times give the time left. */
    private static final int TAIL_BYTES = 1 << 15;

    private final RunsRoot runs;

    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * A summary, and what it was read from: it is read again when one of these changes.
     *
     * @param config time of the configuration
     * @param metricBytes length of the metrics
     * @param held whether a process holds the run
     */
    private record Known(FileTime config, long metricBytes, boolean held, RunSummary summary) {}

    RunStates(RunsRoot runs) {
        this.runs = runs;
    }

    /** The runs that can be read; one that is being deleted is left out. */
    List<RunSummary> all() throws IOException {
        List<String> names = runs.names();
        known.keySet().retainAll(names);
        List<RunSummary> summaries = new ArrayList<>();
        for (String name : names) {
            try {
                summaries.add(of(name));
            } catch (IOException | BadInputException | Refusal e) {
                known.remove(name);
            }
        }
        return summaries;
    }

    private RunSummary of(String name) throws IOException {
        Path run = runs.run(name);
        FileTime config = Files.getLastModifiedTime(run.resolve(CONFIG));
        long bytes = runs.metricBytes(name);
        boolean held = WriterLock.isHeld(run);
        Known before = known.get(name);
        if (before != null
                && before.config().equals(config)
                && before.metricBytes() == bytes
                && before.held() == held) {
            return before.summary();
        }
        RunSummary summary = read(name, run, held);
        known.put(name, new Known(config, bytes, held, summary));
        return summary;
    }

    private RunSummary read(String name, Path run, boolean held) throws IOException {
        long steps = steps(name);
        if (steps == 0) {
            return new RunSummary(name, State.FINISHED, 0, 0, null, null);
        }
        List<JsonNode> latest = latest(name);
        RunSummary summary = RunSummary.training(name, held ? State.RUNNING : State.DIED, steps, latest);
        boolean isSaved = summary.state() == State.DIED
                && summary.step() > 0
                && TrainingRun.latestCheckpoint(run).orElse(-1L) >= summary.step();
        return isSaved ? RunSummary.training(name, State.STOPPED, steps, latest) : summary;
    }

    /** Steps of a training; 0 for other runs. */
    private long steps(String name) throws IOException {
        try (FileChannel config = runs.file(name, CONFIG)) {
            return config.size() > CONFIG_BYTES
                    ? 0
                    : YAML.readTree(Channels.newInputStream(config))
                            .path("learn")
                            .path("steps")
                            .asLong(0);
        }
    }

    /** The last whole lines of metrics. */
    private List<JsonNode> latest(String name) throws IOException {
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : runs.lastMetrics(name, TAIL_BYTES)) {
            parsed.add(JsonReading.mapper().readTree(line.getBytes(StandardCharsets.UTF_8)));
        }
        return parsed;
    }
}
