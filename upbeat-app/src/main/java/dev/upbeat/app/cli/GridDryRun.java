package dev.upbeat.app.cli;

import dev.upbeat.store.StagedDirectory;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.study.grid.Grid;
import dev.upbeat.study.grid.GridProbe;
import dev.upbeat.study.grid.GridRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints the runs that a grid would start, and their estimated duration. */
record GridDryRun(Grid grid, CommonOptions common) {
    private static final Pattern PROBE = Pattern.compile("\\.probe-(\\d{1,18})\\..*");
    private static final int ATTEMPTS = 50;
    private static final long PAUSE_NANOS = 20_000_000;

    void print(int jobs, int threads) throws IOException {
        List<Grid.Cell> cells = grid.cells();
        grid.config().credits().forEach((method, credit) -> common.out().println("method " + method + ": " + credit));
        int left = 0;
        for (Grid.Cell cell : cells) {
            GridRun source = cell.training() == null ? grid.gammaSource(cell.run()) : null;
            String state =
                    switch (cell.state()) {
                        case DONE -> "done";
                        case BEGUN -> "to resume";
                        case TO_DO -> source == null ? "to do" : "waiting";
                    };
            left += cell.state() == Grid.State.DONE ? 0 : 1;
            common.out()
                    .printf(
                            "%-9s  %s%s%n",
                            state, cell.run(), source == null ? "" : " (needs the mean gamma of " + source + ")");
        }
        common.out().flush(); // print the list at once, before steps are timed
        common.out()
                .println(left + " of " + cells.size() + " runs remain"
                        + (left == 0 ? "" : time(cells, left, jobs, threads)));
    }

    private String time(List<Grid.Cell> cells, int left, int jobs, int threads) throws IOException {
        OptionalDouble known = grid.secondsARun();
        double seconds = known.isPresent()
                ? known.getAsDouble()
                : probe(
                        cells.stream()
                                .filter(cell -> cell.state() != Grid.State.DONE && cell.training() != null)
                                .findFirst()
                                .orElseThrow(), // every waiting run waits for one of these
                        threads);
        return String.format(
                Locale.ROOT,
                ", about %s: %.0f seconds each (%s), %d at a time with %d thread%s each",
                duration(seconds * Math.ceil((double) left / jobs)),
                seconds,
                known.isPresent() ? "the mean of finished runs" : "estimated from two timed steps",
                jobs,
                threads,
                threads == 1 ? "" : "s");
    }

    /** Whole minutes below two hours, else hours with a decimal. */
    static String duration(double seconds) {
        long minutes = Math.max(1, Math.round(seconds / 60));
        return minutes < 120
                ? minutes + (minutes == 1 ? " minute" : " minutes")
                : String.format(Locale.ROOT, "%.1f hours", seconds / 3600);
    }

    private double probe(Grid.Cell cell, int threads) throws IOException {
        common.remark("no run is finished yet; timing two steps");
        long process = ProcessHandle.current().pid();
        try (StagedDirectory directory = new StagedDirectory(
                        grid.config().out().resolve("probe-" + process), null); // never moved into place
                Interruption interruption = Interruption.cleaningUpBy(() -> delete(directory));
                DownloadLine download = new DownloadLine(common::progress)) {
            return GridProbe.seconds(grid, cell, directory.path().resolve("run"), threads, download);
        }
    }

    /** Deletes the probe when the process ends; tries again, because the probe may still be writing. */
    private static void delete(StagedDirectory directory) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                directory.close();
                return;
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Deletes from a grid's directory the probes of processes that were killed. */
    static void deleteLeftovers(Path grid) throws IOException {
        if (!Files.isDirectory(grid)) {
            return;
        }
        try (DirectoryStream<Path> probes = Files.newDirectoryStream(grid, ".probe-*.tmp")) {
            for (Path probe : probes) {
                Matcher name = PROBE.matcher(probe.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    TrainingRun.discardProbe(probe);
                }
            }
        }
    }
}
