package dev.upbeat.study.grid;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.KnownEntries;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.train.StartFiles;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The trainings of a grid and their states; runs those that are left. A training runs once for its inputs and its code:
 * its row in the rows file records that, even if the file is copied elsewhere.
 *
 * <pre>{@code
 * GridConfig config = GridConfig.read(Path.of("examples/countdown-grid.yaml"), List.of());
 * Grid grid = new Grid(config, false, (file, bytes, total) -> {});
 * grid.run(2, trainer, listener, () -> false);
 * GridStudy study = grid.study("my grid");
 * }</pre>
 */
public final class Grid {
    private final GridConfig config;
    private final boolean anyCode;
    private final String code;
    private final FinishedRuns finished;
    private final Map<String, String> weights = new HashMap<>();
    private final Map<Path, String> data = new HashMap<>();

    /**
     * @param anyCode whether a run of other code counts as done
     * @param download progress of model downloads
     */
    public Grid(GridConfig config, boolean anyCode, DownloadProgress download) throws IOException {
        this.config = config;
        this.anyCode = anyCode;
        this.code = CodeVersion.here();
        this.finished = new FinishedRuns(config.rows());
        for (GridRun run : config.runs()) {
            GrpoConfig training = training(run, 1.0);
            for (Path file : inputs(training, training.dataFiles())) {
                if (!data.containsKey(file)) {
                    data.put(file, FileHash.of(file.toString(), file).sha256());
                }
            }
            String model = Objects.requireNonNull(training.modelName());
            if (!weights.containsKey(model)) {
                ModelFiles files = StartFiles.locate(training, download);
                try (Checkpoint checkpoint = Checkpoint.open(files.model(), files.adapter())) {
                    weights.put(model, checkpoint.sha256());
                }
            }
        }
    }

    /** State of a run. */
    public enum State {
        DONE,
        /** Its directory exists; the run resumes from its last checkpoint. */
        BEGUN,
        TO_DO
    }

    /**
     * A run of the grid and its state.
     *
     * @param training its configuration; null while its gamma depends on an unfinished run
     */
    public record Cell(GridRun run, State state, @Nullable GrpoConfig training) {}

    public GridConfig config() {
        return config;
    }

    /** All cells in the order of running. */
    public List<Cell> cells() throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (GridRun run : config.runs()) {
            cells.add(cell(run));
        }
        return cells;
    }

    Cell cell(GridRun run) throws IOException {
        if (waits(run)) {
            return new Cell(run, State.TO_DO, null);
        }
        GrpoConfig training = training(run);
        boolean begun = TrainingRun.isBegun(training.out());
        State state = row(run).isPresent() ? State.DONE : begun ? State.BEGUN : State.TO_DO;
        return new Cell(run, state, training);
    }

    /** Whether its gamma depends on an unfinished run. */
    boolean waits(GridRun run) throws IOException {
        GridRun source = gammaSource(run);
        return source != null && row(source).isEmpty();
    }

    /** The run whose mean gamma a run uses; null if its gamma does not depend on another run. */
    public @Nullable GridRun gammaSource(GridRun run) {
        String method = config.gammaSource(run.method());
        return method == null ? null : new GridRun(run.task(), method, run.seed());
    }

    /** The row of a finished run. */
    Optional<FinishedRun> row(GridRun run) throws IOException {
        return waits(run) ? Optional.empty() : finished.find(identity(training(run)), anyCode);
    }

    /** The identity of a run that does not wait. */
    RunIdentity identity(GridRun run) throws IOException {
        return identity(training(run));
    }

    private RunIdentity identity(GrpoConfig training) {
        return RunIdentity.of(
                training,
                Objects.requireNonNull(weights.get(training.modelName()), training.model()),
                inputs(training, training.data().values()).stream()
                        .map(data::get)
                        .toList(),
                code);
    }

    /** The data files and the file of head groups. */
    private static List<Path> inputs(GrpoConfig training, Collection<Path> data) {
        return Stream.concat(data.stream(), Stream.ofNullable(training.rhythm().heads()))
                .toList();
    }

    /** The configuration of a run that does not wait, with its directory. */
    private GrpoConfig training(GridRun run) throws IOException {
        GridRun source = gammaSource(run);
        Double gamma = source == null
                ? null
                : BigDecimal.valueOf(meanGamma(source))
                        .setScale(4, RoundingMode.HALF_EVEN)
                        .doubleValue();
        RunIdentity identity = identity(training(run, gamma));
        String name = run.task() + "-" + run.method() + "-s" + run.seed() + "-" + identity.brief();
        return config.training(run, gamma, config.out().resolve(name));
    }

    private double meanGamma(GridRun source) throws IOException {
        double mean = row(source).orElseThrow().meanGamma();
        if (Double.isNaN(mean)) {
            throw new BadInputException("run " + source.task() + ", " + source.method() + ", seed " + source.seed()
                    + ": has no mean gamma, because all groups of every step had equal rewards; expected a step with a"
                    + " gradient. Raise rollout.group or take easier problems.");
        }
        return mean;
    }

    private GrpoConfig training(GridRun run, @Nullable Double gamma) throws IOException {
        return config.training(run, config.gammaSource(run.method()) == null ? null : gamma, Path.of("none"));
    }

    /** Runs a training, or resumes it. */
    @FunctionalInterface
    public interface Trainer {
        /**
         * @param stop polled now and then; true stops the training
         * @return whether all steps are done; false if stopped
         */
        boolean train(TrainConfig training, BooleanSupplier stop) throws IOException;
    }

    /** Listens to the progress of a grid. Several threads call it. */
    public interface Listener {
        void began(GridRun run, TrainConfig training);

        /** @param outcomes in the order of the configuration's */
        void finished(GridRun run, List<Double> outcomes);

        /** The other runs continue. */
        void failed(GridRun run, Throwable reason);
    }

    /**
     * Checks, before a training starts, that rows can be written.
     *
     * @throws BadInputException if the directory of the rows file cannot be created or written to, or a file that the
     *     grid writes is a link
     */
    public void requireWritable() throws IOException {
        KnownEntries.STUDY.requireOwnKinds(config.out());
        finished.requireWritable();
    }

    /**
     * Runs the trainings that are left.
     *
     * @param jobs trainings at a time
     * @return whether all runs are done
     */
    public boolean run(int jobs, Trainer trainer, Listener listener, BooleanSupplier stop) throws IOException {
        return new GridWork(this, trainer, listener, stop).run(jobs);
    }

    /** Mean duration of the finished runs that were not interrupted; empty if there are none. */
    public OptionalDouble secondsARun() throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (GridRun run : config.runs()) {
            row(run).map(FinishedRun::wallSeconds).ifPresent(seconds::add);
        }
        return seconds.stream().mapToDouble(Double::doubleValue).average();
    }

    /** Records a finished training. */
    FinishedRun finish(GridRun run, GrpoConfig training, @Nullable Double wallSeconds) throws IOException {
        FinishedRun row =
                FinishedRun.read(run, identity(training), training.eval().names(), training.out(), wallSeconds);
        finished.add(row);
        return row;
    }

    /** The results of the finished runs. */
    public GridStudy study(String command) throws IOException {
        Map<GridRun, FinishedRun> done = new LinkedHashMap<>();
        Map<GridRun, String> directories = new HashMap<>();
        for (GridRun run : config.runs()) {
            Optional<FinishedRun> row = row(run);
            if (row.isPresent()) {
                done.put(run, row.get());
                Path directory = training(run).out();
                if (TrainingRun.isBegun(directory)) {
                    directories.put(run, directory.getFileName().toString());
                }
            }
        }
        return new GridStudy(config, command, GridTable.of(config, done), config.credits(), done, directories);
    }
}
