package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.linkage.Anchors;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.RunRow;
import dev.upbeat.store.StagedDirectory;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Score;
import dev.upbeat.trace.Trace;
import dev.upbeat.train.Training;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.RhythmConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat demo}: the main workflow on the bundled model, in about a minute. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "demo",
        description = {
            "Shows the whole workflow on the bundled model in about a minute.",
            "Solves Countdown puzzles, shows the rhythm of the reasoning, trains some GRPO steps with coupled-rhythm"
                    + " credit, and writes a report."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  upbeat demo", "  upbeat demo --steps 5 --out runs/demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int SHOWN = 3;
    private static final int LONGEST_ANSWER = 132;
    private static final int LINKS = 8;

    @Mixin
    private KernelFlags kernels = new KernelFlags();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--steps", paramLabel = "N", defaultValue = "20", description = "Training steps (default: 20).")
    private int steps;

    @Option(names = "--out", paramLabel = "DIR", description = "Run directory (default: runs/demo-<time>).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        if (steps < 1) {
            throw new BadInputException("--steps " + steps + ": expected at least 1 training step (default: 20)");
        }
        Path run = run();
        try (StagedDirectory place = reserve(run)) {
            Path home = home();
            Path model = home.resolve("models/countdown");
            if (!Files.exists(model.resolve("config.json"))) {
                throw new BadInputException(
                        model + ": the bundled model is missing, and the demo needs it; restore it from the "
                                + "repository, or train it: upbeat train examples/countdown-sft.yaml");
            }
            TrainConfig config = config(home, model, run);
            return train(config, showRhythm(model, ((GrpoConfig) config).rhythm()), place);
        }
    }

    private Path run() {
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS"));
        return out == null ? Path.of("runs", "demo-" + time) : out;
    }

    /** Reserves the run directory before any puzzle is solved. */
    private static StagedDirectory reserve(Path run) throws IOException {
        try {
            TrainingRun.requireFree(run);
        } catch (BadInputException e) {
            throw new BadInputException(
                    "--out " + run + " cannot be used; expected an empty or new directory. Choose another one", e);
        }
        return TrainingRun.reserve(run);
    }

    /** The project's directory; relative if it is the current one, because paths are shown. */
    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        Path home = Path.of(Objects.requireNonNullElse(System.getenv("UPBEAT_HOME"), here.toString()));
        return home.equals(here) ? Path.of("") : home;
    }

    /** Prints some puzzles with their anchors, measured as in training, and returns them for the report. */
    private List<RunRow> showRhythm(Path path, RhythmConfig rhythm) throws IOException {
        common.startLibtorch();
        kernels.choose(common);
        try (Upbeat model = Upbeat.load(path.toString())) {
            Task task = Tasks.of(TaskOptions.of("countdown"), model.tokenizer());
            List<Problem> puzzles = task.test().subList(0, SHOWN);
            PromptEncoder encoder = new PromptEncoder(model.tokenizer(), null, Map.of());
            Sampling sampling = new Sampling(LONGEST_ANSWER, 1, 0, 1, 0, model.stopIds());
            List<Trace> answers = model.write(
                    puzzles.stream()
                            .map(puzzle -> encoder.encode("puzzle", puzzle.prompt()))
                            .toList(),
                    sampling,
                    (prompt, id) -> {});
            ObservedTraces seen = model.watch(
                    answers,
                    new RhythmOptions(
                            rhythm.layers().resolve(model.config().layers()),
                            rhythm.settings(),
                            false,
                            RhythmOptions.Alignment.TOKEN,
                            null,
                            new RhythmOptions.Extras(LINKS, null, Set.of(Observation.FLOW))));
            List<RunRow> placed = new ArrayList<>();
            common.out().println("The model writes out its search. Later tokens look back to [the anchors].");
            for (int i = 0; i < SHOWN; i++) {
                Problem puzzle = puzzles.get(i);
                List<String> tokens = Objects.requireNonNull(answers.get(i).tokens());
                String text = model.tokenizer().decode(answers.get(i).responseIds(), true);
                Score score = task.verify(puzzle, text);
                common.out().println();
                common.out().println(Objects.requireNonNull(puzzle.text()).strip() + "   " + score.reason());
                common.out()
                        .println(marked(
                                tokens, Anchors.of(seen.observations().get(i).fai(), 0.15)));
                Trace answer = answers.get(i);
                placed.add(new RunRow(
                        new Trace(
                                "puzzle-" + (i + 1),
                                answer.promptIds(),
                                answer.responseIds(),
                                tokens,
                                answer.temperature(),
                                score.reward()),
                        model.texts(answer.promptIds()),
                        seen.observations().get(i),
                        new TrainingPlace(0, i, 0, Double.NaN)));
            }
            common.out().println();
            return placed;
        }
    }

    /** The text with brackets around the tokens of some positions. */
    private static String marked(List<String> tokens, int[] positions) {
        List<Integer> anchors = IntStream.of(positions).boxed().toList();
        StringBuilder text = new StringBuilder();
        for (int t = 0; t < tokens.size(); t++) {
            String token = tokens.get(t);
            boolean anchor = anchors.contains(t) && !token.isBlank();
            text.append(anchor ? token.replaceFirst("\\S+", "[$0]") : token);
        }
        return text.toString().strip();
    }

    /** The path quoted for YAML. */
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }

    private TrainConfig config(Path home, Path model, Path run) throws IOException {
        List<String> overrides = new ArrayList<>(List.of(
                "model=" + quoted(model),
                "out=" + quoted(run),
                "learn.steps=" + steps,
                "eval.every=" + steps,
                "task.test=256",
                "checkpoint.every=" + steps,
                "checkpoint.keep_last=1",
                "journal.traces_every=" + Math.max(1, steps / 2)));
        return TrainConfig.read(home.resolve("examples/countdown-coupled.yaml"), overrides);
    }

    /** @param shown traces of the puzzles, first in the report */
    private int train(TrainConfig config, List<RunRow> shown, StagedDirectory place) throws IOException {
        try (GracefulStop stop = new GracefulStop(common.out());
                TrainConsole console = new TrainConsole(common)) {
            Training.Options options = new Training.Options(false, common.threads(), (file, done, total) -> {});
            Training.Result result;
            try (Training training = Training.open(config, options, console, place)) {
                result = training.run(stop::asked);
            }
            console.summarize(config, result);
            if (result.steps() > 0) {
                TrainingRun.addTracesOfTheStart(config.out(), shown);
            }
            TrainReport.write(config).ifPresent(report -> common.out().println("report: " + report));
            return result.interrupted() ? ExitCode.INTERRUPTED : ExitCode.DONE;
        }
    }
}
