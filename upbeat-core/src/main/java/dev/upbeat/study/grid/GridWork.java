package dev.upbeat.study.grid;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.train.config.GrpoConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the remaining trainings of a grid in several threads. Each takes the first run that does not wait for another.
 */
final class GridWork {
    private final Grid grid;
    private final Grid.Trainer trainer;
    private final Grid.Listener listener;
    private final BooleanSupplier stop;
    private final List<GridRun> left = new ArrayList<>();
    private final Set<RunIdentity> running = new HashSet<>();
    private boolean complete = true;

    GridWork(Grid grid, Grid.Trainer trainer, Grid.Listener listener, BooleanSupplier stop) throws IOException {
        this.grid = grid;
        this.trainer = trainer;
        this.listener = listener;
        this.stop = stop;
        for (GridRun run : grid.config().runs()) {
            if (grid.row(run).isEmpty()) {
                left.add(run);
            }
        }
    }

    /** @return whether all runs are done */
    boolean run(int jobs) throws IOException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            Thread thread = new Thread(this::work, "grid-" + i);
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while trainings were running", e);
        }
        return complete && left.isEmpty();
    }

    private record Work(GridRun run, RunIdentity identity) {}

    private void work() {
        for (Work work = next(); work != null; work = next()) {
            try {
                train(work.run());
            } catch (IOException | RuntimeException | Error e) {
                lacks();
                listener.failed(work.run(), e);
            } finally {
                ended(work.identity());
            }
        }
    }

    private void train(GridRun run) throws IOException {
        Grid.Cell cell = grid.cell(run);
        GrpoConfig training = cell.training();
        if (cell.state() == Grid.State.DONE || training == null) {
            return; // a method with the same configuration has finished meanwhile
        }
        boolean whole = !TrainingRun.isBegun(training.out());
        listener.began(run, training);
        long start = System.nanoTime();
        if (!trainer.train(training, stop)) {
            lacks();
            return;
        }
        FinishedRun row = grid.finish(run, training, whole ? (System.nanoTime() - start) / 1e9 : null);
        listener.finished(
                run,
                grid.config().outcomes().stream()
                        .map(outcome -> outcome.of(row))
                        .toList());
    }

    /** Returns the next run, after waiting until one is ready; null if none can become ready. */
    private synchronized @Nullable Work next() {
        try {
            while (!left.isEmpty() && !stop.getAsBoolean()) {
                for (Iterator<GridRun> each = left.iterator(); each.hasNext(); ) {
                    GridRun run = each.next();
                    if (grid.waits(run)) {
                        continue;
                    }
                    RunIdentity identity;
                    try {
                        identity = grid.identity(run);
                    } catch (BadInputException e) { // of a run without a mean gamma
                        each.remove();
                        lacks();
                        listener.failed(run, e);
                        continue;
                    }
                    if (running.add(identity)) { // else a method with the same configuration is running it
                        each.remove();
                        return new Work(run, identity);
                    }
                }
                if (running.isEmpty()) {
                    return null; // the runs that they wait for have failed
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private synchronized void ended(RunIdentity identity) {
        running.remove(identity);
        notifyAll();
    }

    private synchronized void lacks() {
        complete = false;
    }
}
