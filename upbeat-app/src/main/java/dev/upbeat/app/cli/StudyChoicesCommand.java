package dev.upbeat.app.cli;

import dev.upbeat.app.credit.RowCredit;
import dev.upbeat.app.study.ChoicesReport;
import dev.upbeat.app.study.StudyDirectory;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.Build;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.SeriesFile;
import dev.upbeat.store.SeriesRow;
import dev.upbeat.study.choices.ChoicesExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat study credit-choices}: how much gamma depends on what the paper leaves open. Needs no model. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "credit-choices",
        description = {
            "Measures how much the weights of coupled-rhythm credit depend on choices that the paper leaves open.",
            "For each reading of Eq. 18 and 19: how many tokens get another weight, and by how much."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  upbeat analyze models/countdown --prompts examples/countdown-prompts.jsonl --preset rl --out runs/x",
            "  upbeat study credit-choices runs/x"
        })
final class StudyChoicesCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            paramLabel = "RUN|FILE",
            description = "A run directory, or measured traces as JSONL or Parquet with waad and fai.")
    private Path traces = Path.of("");

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the bootstrap intervals (default: 0).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the study, created when the study is complete (default: "
                    + "runs/<name>-credit-choices-<time>).")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace an existing study in --out.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        if (out != null && out.toString().isEmpty()) {
            throw new BadInputException("--out is empty; expected a directory, or leave --out out");
        }
        List<SeriesRow> rows = SeriesFile.read(traces, Set.of("waad", "fai"), "study credit-choices");
        String name = String.valueOf(traces.toAbsolutePath().normalize().getFileName());
        Path place = out != null ? out : ModelFlags.timedRun(name + "-credit-choices");
        try (StudyDirectory directory = StudyDirectory.create(place, force);
                Interruption interruption = Interruption.cleaningUpBy(directory::abandon)) {
            ChoicesExperiment experiment =
                    ChoicesExperiment.of(RowCredit.step(seed, rows), CreditOptions.of("coupled-rhythm"), seed);
            StudyReport report = ChoicesReport.of(experiment, name, StudyFlags.commandLine(common), provenance(name));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("study", "credit-choices");
            result.put("result", experiment);
            directory.finish(report, result);
            report.findings().forEach(common.out()::println);
            experiment.readings().forEach(reading -> common.out()
                    .println(line(reading.reading(), reading.changedShare())));
            common.out().println("report: " + place.resolve("report.html"));
        }
        return ExitCode.DONE;
    }

    private static String line(String reading, double share) {
        return String.format(Locale.ROOT, "  %-40s %5.1f %% of the tokens", reading, 100 * share);
    }

    private Map<String, String> provenance(String name) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("traces", name);
        if (Files.isRegularFile(traces)) {
            provenance.put("SHA-256 of the traces", FileHash.of(name, traces).sha256());
        }
        provenance.put("seed", String.valueOf(seed));
        provenance.put("upbeat", Build.version() + " commit " + Build.commit());
        return provenance;
    }
}
