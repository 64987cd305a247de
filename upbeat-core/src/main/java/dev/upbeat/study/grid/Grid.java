package dev.upbeat.study.grid;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.Hub;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.OwnEntries;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * The trainings of a grid: which are done, which begun, and the doing of what is left. A training is done once for its inputs
 * and its code; its row in the rows file says so, here or wherever the file goes.
 *
 * <pre>{@code
 * GridConfig config = GridConfig.read(Path.of("examples/countdown-grid.yaml"), List.of());
 * Grid grid = new Grid(config, false, (file, bytes, total) -> {});
 * grid.run(2, trainer, listener, () -> false);
 * grid.study("my grid").write();
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
     * @param anyCode whether a run counts as done that other code did
     * @param download told of models that are fetched
     */
    public Grid(GridConfig config, boolean anyCode, DownloadProgress download) throws IOException {
        this.config = config;
        this.anyCode = anyCode;
        this.code = CodeVersion.here();
        this.finished = new FinishedRuns(config.rows());
        for (GridRun run : config.runs()) {
            GrpoConfig training = training(run, 1.0);
            for (Path file : dataOf(training)) {
                if (!data.containsKey(file)) {
                    data.put(file, FileHash.of(file.toString(), file).sha256());
                }
            }
            String model = training.model();
            if (!weights.containsKey(model)) {
                try (Checkpoint checkpoint = Checkpoint.open(Hub.locate(model, download))) {
                    weights.put(model, checkpoint.sha256());
                }
            }
        }
    }

    /** How far a run is. */
    public enum State {
        DONE,
        /** Its directory is there: it goes on from its last checkpoint. */
        BEGUN,
        TO_DO
    }

    /**
     * A cell as it stands.
     *
     * @param training its configuration; null where its gamma waits for another run's
     */
    public record Cell(GridRun run, State state, @Nullable GrpoConfig training) {}

    public GridConfig config() {
        return config;
    }

    /** All cells in the order in which they are run. */
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

    /** Whether its gamma is that of a run which is not done. */
    boolean waits(GridRun run) throws IOException {
        GridRun source = source(run);
        return source != null && row(source).isEmpty();
    }

    private @Nullable GridRun source(GridRun run) {
        String method = config.gammaSource(run.method());
        return method == null ? null : new GridRun(run.task(), method, run.seed());
    }

    /** The row of a run that is done. */
    Optional<FinishedRun> row(GridRun run) throws IOException {
        return waits(run) ? Optional.empty() : finished.find(identity(training(run)), anyCode);
    }

    /** Of a run that does not wait. */
    RunIdentity identity(GridRun run) throws IOException {
        return identity(training(run));
    }

    private RunIdentity identity(GrpoConfig training) {
        return RunIdentity.of(
                training,
                Objects.requireNonNull(weights.get(training.model()), training.model()),
                dataOf(training).stream().map(data::get).toList(),
                code);
    }

    private static List<Path> dataOf(GrpoConfig training) {
        return Stream.of(training.task().data(), training.task().testData())
                .filter(Objects::nonNull)
                .toList();
    }

    /** The configuration of a run that does not wait, with its directory. */
    private GrpoConfig training(GridRun run) throws IOException {
        GridRun source = source(run);
        Double gamma = source == null
                ? null
                : BigDecimal.valueOf(row(source).orElseThrow().meanGamma())
                        .setScale(4, RoundingMode.HALF_EVEN)
                        .doubleValue();
        RunIdentity identity = identity(training(run, gamma));
        String name = run.task() + "-" + run.method() + "-s" + run.seed() + "-" + identity.brief();
        return config.training(run, gamma, config.out().resolve(name));
    }

    private GrpoConfig training(GridRun run, @Nullable Double gamma) throws IOException {
        return config.training(run, config.gammaSource(run.method()) == null ? null : gamma, Path.of("none"));
    }

    /** Does a training that may have been begun before. */
    @FunctionalInterface
    public interface Trainer {
        /**
         * @param stop asked now and then
         * @return whether all its steps are done; not where it was told to stop
         */
        boolean train(TrainConfig training, BooleanSupplier stop) throws IOException;
    }

    /** Told how the grid goes, by several threads. */
    public interface Listener {
        void began(GridRun run, TrainConfig training);

        /** @param outcomes in the order of the configuration's */
        void finished(GridRun run, List<Double> outcomes);

        /** The others go on. */
        void failed(GridRun run, Throwable reason);
    }

    /**
     * Refuses a place where no row can be written: a run would be done for nothing.
     *
     * @throws BadInputException where the rows file's directory cannot be made, or takes no file, or a link stands where the
     *     grid writes
     */
    public void requireWritable() throws IOException {
        OwnEntries.STUDY.requireOwnKinds(config.out());
        finished.requireWritable();
    }

    /**
     * Does what is left.
     *
     * @param jobs trainings at a time
     * @return whether all is done
     */
    public boolean run(int jobs, Trainer trainer, Listener listener, BooleanSupplier stop) throws IOException {
        return new GridWork(this, trainer, listener, stop).run(jobs);
    }

    /** How long a run takes: the mean of those that are done and were not interrupted; empty where there is none yet. */
    public OptionalDouble secondsARun() throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (GridRun run : config.runs()) {
            row(run).map(FinishedRun::wallSeconds).ifPresent(seconds::add);
        }
        return seconds.stream().mapToDouble(Double::doubleValue).average();
    }

    /** Notes that a training has done all its steps. */
    FinishedRun finish(GridRun run, GrpoConfig training, @Nullable Double wallSeconds) throws IOException {
        FinishedRun row = FinishedRun.read(run, identity(training), training.out(), wallSeconds);
        finished.add(row);
        return row;
    }

    /** What the runs that are done show. */
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
