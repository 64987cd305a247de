package dev.upbeat.app.train;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code report.html} of a training. */
public final class TrainReport {
    private TrainReport() {}

    /** The page; empty where the run keeps no traces with head groups, and so has no rhythm to show. */
    public static Optional<Path> write(TrainConfig config) throws IOException {
        Path run = config.out();
        boolean hasRhythm = config instanceof GrpoConfig
                && Files.isDirectory(run.resolve("traces"))
                && Files.exists(run.resolve("heads.json"));
        if (!hasRhythm) {
            return Optional.empty();
        }
        Path report = run.resolve("report.html");
        ReportWriter.write(report, ReportBuilder.build(RunDirectory.open(run)).data());
        return Optional.of(report);
    }
}
