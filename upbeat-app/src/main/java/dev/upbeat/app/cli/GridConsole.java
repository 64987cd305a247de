package dev.upbeat.app.cli;

import dev.upbeat.study.grid.Grid;
import dev.upbeat.study.grid.GridRun;
import dev.upbeat.study.grid.Outcome;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Terminal output of a grid: a progress line, and a line for each run that ends. */
final class GridConsole implements Grid.Listener, AutoCloseable {
    private final CommonOptions common;
    private final List<Outcome> names;
    private final @Nullable Progress progress;

    GridConsole(Grid grid, CommonOptions common) throws IOException {
        this.common = common;
        this.names = grid.config().outcomes();
        long left = 0;
        long steps = 0;
        for (Grid.Cell cell : grid.cells()) {
            TrainConfig training = cell.training();
            steps = training == null ? steps : training.optimizer().steps() + 1;
            left += cell.state() == Grid.State.DONE ? 0 : steps;
        }
        this.progress = left == 0 ? null : common.progress("grid, steps", left);
    }

    /** Counts finished steps. */
    void advance(long steps) {
        if (progress != null && steps > 0) {
            progress.advance(steps);
        }
    }

    @Override
    public synchronized void began(GridRun run, TrainConfig training) {
        remark("started " + run + " in " + training.out());
    }

    @Override
    public synchronized void finished(GridRun run, List<Double> outcomes) {
        remark("done " + run + ": "
                + IntStream.range(0, outcomes.size())
                        .mapToObj(i -> String.format(Locale.ROOT, "%s %.1f %%", names.get(i), 100 * outcomes.get(i)))
                        .collect(Collectors.joining(", ")));
    }

    @Override
    public synchronized void failed(GridRun run, Throwable reason) {
        if (progress != null) {
            progress.wipe();
        }
        common.warn("failed " + run + ": " + reason.getMessage());
    }

    private void remark(String text) {
        if (progress != null) {
            progress.wipe();
        }
        common.remark(text);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
