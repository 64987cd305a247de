package dev.upbeat.app.study;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.Analysis;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.app.analyze.AnalysisListener;
import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.study.output.StudyFiles;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.observe.RhythmVariant;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.KnownEntries;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.StagedDirectory;
import dev.upbeat.store.UnfinishedResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of a study, which appears when it is complete, and its runs: {@code runs/<name>}. */
public final class StudyDirectory implements AutoCloseable {
    private final StagedDirectory directory;
    private final UnfinishedResult unfinished;
    private final Map<String, Provenance> runs = new LinkedHashMap<>();

    private volatile @Nullable Analysis current;

    private StudyDirectory(StagedDirectory directory) {
        this.directory = directory;
        this.unfinished = new UnfinishedResult("study", directory::close);
    }

    /** @throws BadInputException if the directory exists */
    public static StudyDirectory create(Path out, boolean force) throws IOException {
        return new StudyDirectory(new StagedDirectory(out, force ? KnownEntries.STUDY : null));
    }

    /**
     * A run of the study.
     *
     * @param name its directory, relative to the study's
     * @param traces with their observations
     */
    public record Run(String name, Analysis.Result traces) {}

    /**
     * Answers prompts and observes the answers.
     *
     * @param name of the run; a number makes it unique
     * @param config every option, resolved
     */
    public Run run(
            String name,
            AnalysisInput input,
            Upbeat model,
            Sampling sampling,
            RhythmOptions options,
            List<RhythmVariant> further,
            Map<String, Object> config,
            AnalysisListener listener)
            throws IOException {
        String relative = "runs/" + unique(name.replaceAll("[^A-Za-z0-9._-]+", "-"));
        try (Analysis analysis = Analysis.prepare(input, directory.path().resolve(relative), false)) {
            current = analysis;
            Analysis.Result result = analysis.run(model, sampling, options, further, config, listener);
            runs.put(relative, RunDirectory.open(result.directory()).provenance());
            return new Run(relative, result);
        } finally {
            current = null;
        }
    }

    private String unique(String name) {
        String unique = name;
        for (int i = 2; runs.containsKey("runs/" + unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }

    /** The provenance of each run, in the order of the runs. */
    public Map<String, Provenance> runs() {
        return Collections.unmodifiableMap(runs);
    }

    /** Provenance of the runs for readers; values that all runs share are listed once. */
    public Map<String, String> provenance() {
        Map<String, String> shown = new LinkedHashMap<>();
        runs.forEach((name, provenance) -> ReportBuilder.provenance(provenance).forEach((key, value) -> {
            boolean common = runs.values().stream()
                    .allMatch(other ->
                            value.equals(ReportBuilder.provenance(other).get(key)));
            shown.put(common ? key : name + ": " + key, value);
        }));
        return shown;
    }

    /**
     * Writes the study's files and moves the directory into its place.
     *
     * @param result the content of study.json
     * @return the final place
     */
    public Path finish(StudyReport report, Object result) throws IOException {
        return unfinished.write(() -> {
            StudyFiles.write(directory.path(), report, result);
            return directory.moveIntoPlace();
        });
    }

    /** Deletes the unfinished study; called from another thread when the process ends. */
    public void abandon() {
        Analysis running = current;
        if (running != null) {
            running.abandon();
        }
        unfinished.abandon();
    }

    @Override
    public void close() throws IOException {
        unfinished.close();
    }
}
