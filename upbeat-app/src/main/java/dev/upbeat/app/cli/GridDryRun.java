package dev.upbeat.app.cli;

import dev.upbeat.study.grid.Grid;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalDouble;

/** Tells what a grid would run. */
final class GridDryRun {
    private GridDryRun() {}

    static void print(Grid grid, int jobs, CommonOptions common) throws IOException {
        int left = 0;
        for (Grid.Cell cell : grid.cells()) {
            String state =
                    switch (cell.state()) {
                        case DONE -> "done";
                        case BEGUN -> "goes on";
                        case TO_DO -> cell.training() == null ? "waits for a gamma" : "to do";
                    };
            left += cell.state() == Grid.State.DONE ? 0 : 1;
            common.out().printf(Locale.ROOT, "%-18s %s%n", state, cell.run());
        }
        OptionalDouble seconds = grid.secondsARun();
        String hours = seconds.isEmpty()
                ? "how long is not known before a first run is done"
                : String.format(
                        Locale.ROOT,
                        "about %.1f hours, %d at a time, %.0f seconds each",
                        left * seconds.getAsDouble() / jobs / 3600,
                        jobs,
                        seconds.getAsDouble());
        common.out().println(left + " of " + grid.cells().size() + " runs are left" + (left == 0 ? "" : ": " + hours));
    }
}
