package dev.upbeat.app.cli;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code report.html} of a training: its curves, and the traces that were kept. */
final class TrainReport {
    private TrainReport() {}

    /** The page; empty if the run has not completed a step. */
    static Optional<Path> write(TrainConfig config) throws IOException {
        Path run = config.out();
        if (!Files.exists(run.resolve("metrics.jsonl"))) {
            return Optional.empty();
        }
        Path report = run.resolve("report.html");
        ReportWriter.write(report, ReportBuilder.build(RunDirectory.open(run)).data());
        return Optional.of(report);
    }
}
