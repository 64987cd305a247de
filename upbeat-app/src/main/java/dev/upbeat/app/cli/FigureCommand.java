package dev.upbeat.app.cli;

import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.figure.TraceFigure;
import dev.upbeat.app.figure.TraceFigure.Beat;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat figure}: a trace as a figure for a paper. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "figure",
        description = {
            "Draws a trace for a paper: its tinted text and a curve for each metric.",
            "The first metric tints the text. The report's page saves such figures too (Export)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat demo --steps 5 --out runs/demo",
            "  upbeat figure runs/demo --trace puzzle-1 --out trace.svg",
            "  upbeat figure runs/demo --trace puzzle-1 --metrics fai,entropy_nats --tokens 0:40 --out trace.png"
        })
final class FigureCommand implements Callable<Integer> {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9}):(\\d{1,9})");
    private static final int SOME = 5; // traces that a message names

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "RUN", description = "A run directory.")
    private Path run = Path.of("");

    @Option(names = "--trace", paramLabel = "ID", required = true, description = "Id of the trace.")
    private String trace = "";

    @Option(
            names = "--metrics",
            paramLabel = "NAME[,NAME]",
            hideParamSyntax = true,
            split = ",",
            description =
                    "Columns of the run's traces, in the order drawn: waad, fai, receiver_fai, entropy_nats, log_prob,"
                            + " gamma and further series (default: waad,fai).")
    private List<String> metrics = List.of("waad", "fai");

    @Option(
            names = "--chunks",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Shade every other chunk, where they are not too narrow (default: on).")
    private RhythmFlags.Switch chunks = RhythmFlags.Switch.ON;

    @Option(
            names = "--couplings",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Draw couplings as brackets, where tokens are at least 3 pixels wide (default: on).")
    private RhythmFlags.Switch couplings = RhythmFlags.Switch.ON;

    @Option(
            names = "--tokens",
            paramLabel = "START:END",
            description = "Part of the response, counted from 0, without END (default: all).")
    private @Nullable String tokens;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The picture to write: a name that ends in .svg or .png.")
    private Path out = Path.of("");

    @Option(names = "--force", description = "Replace an existing file.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        requireWritable();
        Matcher range = RANGE.matcher(tokens == null ? "0:0" : tokens);
        if (!range.matches()) {
            throw new BadInputException("--tokens " + tokens + " is not a range; expected START:END, such as 0:40");
        }
        RunDirectory directory = RunDirectory.open(run);
        RunRow row = find(directory);
        int end = tokens == null ? row.trace().responseIds().length : Integer.parseInt(range.group(2));
        String source = ReportBuilder.provenance(directory.provenance()).entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n"));
        TraceFigure.of(
                        trace + " \u00b7 " + directory.provenance().model().name(),
                        source,
                        row.trace(),
                        row.seen(),
                        metrics,
                        beat(),
                        Integer.parseInt(range.group(1)),
                        end)
                .write(out);
        common.out().println("figure: " + out);
        return ExitCode.DONE;
    }

    private Set<Beat> beat() {
        Set<Beat> shown = EnumSet.noneOf(Beat.class);
        if (chunks == RhythmFlags.Switch.ON) {
            shown.add(Beat.CHUNKS);
        }
        if (couplings == RhythmFlags.Switch.ON) {
            shown.add(Beat.COUPLINGS);
        }
        return shown;
    }

    private RunRow find(RunDirectory directory) {
        List<RunRow> found = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        directory.forEachTrace(row -> {
            ids.add(row.trace().id());
            if (row.trace().id().equals(trace)) {
                found.add(row);
            }
        });
        if (found.isEmpty()) {
            throw new BadInputException(run + ": has no trace '" + trace + "'"
                    + Nearest.to(trace, ids)
                            .map(id -> " (did you mean " + id + "?)")
                            .orElse("")
                    + (ids.isEmpty()
                            ? "; it has no traces"
                            : ". Its " + ids.size() + " traces begin with "
                                    + String.join(", ", ids.subList(0, Math.min(SOME, ids.size())))));
        }
        return found.get(0);
    }

    private void requireWritable() throws IOException {
        String name = out.toString();
        if (!name.endsWith(".svg") && !name.endsWith(".png")) {
            throw new BadInputException(
                    "--out '" + out + "' is not the name of a picture; expected one that ends in .svg or .png");
        }
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new BadInputException(
                    "--out " + out + ": there is no directory " + parent + "; make it, or choose another");
        }
        if (Files.exists(out) && !force) {
            throw new BadInputException("--out " + out + ": exists already; choose another name, or give --force");
        }
        AtomicFiles.requireWritable(out);
    }
}
