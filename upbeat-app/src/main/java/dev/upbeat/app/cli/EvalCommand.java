package dev.upbeat.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.Upbeat;
import dev.upbeat.eval.Evaluation;
import dev.upbeat.eval.Tasks;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.EvalWriter;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RowChoice;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.countdown.CountdownSettings;
import dev.upbeat.task.zebra.GridSize;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tokenizer.PromptEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat eval}: accuracy of a model on a task's held-out problems. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "eval",
        description = {
            "Measures how often a model solves a task's problems, with a 95 %% interval.",
            "The model answers the held-out problems, or those of a file. Prints the accuracy as one JSON object, "
                    + "and writes one row per problem to eval.jsonl in --out.",
            "Tasks: countdown, zebralogic; with --data also math, gsm8k, math500, aime24, aime25, amc23, olympiadbench,"
                    + " minerva, dapo-math, crossthink-qa; class and endpoint for custom tasks."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat eval models/countdown --task countdown --samples 8 --temperature 1",
            "  upbeat eval Qwen/Qwen3-0.6B --task aime24 --data aime24.jsonl"
        })
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private ModelFlags model = new ModelFlags();

    @Mixin
    private TaskFlags task = new TaskFlags();

    @Mixin
    private PromptFlags prompt = new PromptFlags();

    @Mixin
    private TemplateFlags template = new TemplateFlags();

    @Option(names = "--numbers", paramLabel = "N", description = "Numbers per Countdown puzzle, 3 to 6 (default: 3).")
    private @Nullable Integer numbers;

    @Option(
            names = "--small",
            description = "Small Countdown puzzles, as the bundled model has them: three numbers up to 50, results up"
                    + " to 99.")
    private boolean small;

    @Option(
            names = "--sizes",
            paramLabel = "SIZES",
            description = "Sizes of ZebraLogic puzzles, such as 3x3,4x4, small or all (default: all).")
    private @Nullable String sizes;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "The problems, JSONL or Parquet: {id, question, answer}, or verl's and TRL's columns.")
    private @Nullable Path data;

    @Mixin
    private RowFlags chosen = new RowFlags();

    @Option(
            names = "--samples",
            paramLabel = "K",
            description = "Answers per problem; more than one needs a --temperature (default: 16 at temperature 1 "
                    + "for aime24 and aime25, else 1).")
    private @Nullable Integer givenSamples;

    private int samples = 1;

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(0);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for eval.jsonl, created when the evaluation is complete (default: "
                    + "runs/<model>-<task>-<time>).")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace an existing run in --out.")
    private boolean force;

    @Override
    public Integer call() throws IOException {
        choice();
        PuzzleOptions made = PuzzleOptions.DEFAULT;
        TaskOptions options = task.options(
                prompt.style(),
                new PuzzleOptions(
                        numbers == null ? made.numbers() : numbers,
                        small,
                        sizes == null ? made.sizes() : sizes,
                        made.cellReward(),
                        made.train(),
                        made.test()));
        applyProtocol(options);
        check(options);
        List<TaskRow> rows =
                data == null ? List.of() : choice().of(TaskRowFile.read(data, choice().most()), data.toString());
        FileHash dataHash = data == null ? null : FileHash.of(String.valueOf(data.getFileName()), data);
        Path place = out == null ? model.defaultRun("-" + task.name()) : out;
        try (EvalWriter writer = EvalWriter.create(place, force);
                Interruption interruption = Interruption.cleaningUpBy(writer::abandon);
                Upbeat loaded = model.load(common)) {
            Task asked = Tasks.of(options, loaded.tokenizer());
            Sampling drawing = sampling.sampling(loaded.stopIds());
            List<Problem> problems = problems(asked, rows);
            Evaluation.Result result = answer(loaded, asked, problems, rows, drawing, place);
            Map<String, Object> config = config(loaded, problems);
            Provenance provenance = Provenance.ofThisMachine(
                    new FileHash(model.name(), loaded.checkpoint().sha256()),
                    dataHash,
                    config,
                    drawing.seed(),
                    Libtorch.version(),
                    Libtorch.threads(),
                    Kernels.current().toString(),
                    loaded.stopTokens());
            print(config, new EvalSummary(result, drawing), writer.write(config, provenance, result.rows(null, null)));
        }
        return ExitCode.DONE;
    }

    private Evaluation.Result answer(
            Upbeat loaded, Task asked, List<Problem> problems, List<TaskRow> rows, Sampling drawing, Path place)
            throws IOException {
        PromptEncoder prompts = loaded.promptEncoder(template.variables());
        Evaluation evaluation = new Evaluation(loaded.decoder(), loaded.tokenizer(), prompts, Evaluation.DEFAULT_BATCH);
        for (int i = 0; i < rows.size(); i++) {
            Problem problem = problems.get(i);
            BadInputException.at(rows.get(i).place(), () -> evaluation.encode(problem));
        }
        String announcement = "eval: " + model.name() + " answers " + CommonOptions.counted(problems.size(), "problem")
                + " of " + task.name() + (samples > 1 ? ", " + samples + " times each" : "") + "; into " + place;
        try (AnalysisConsole console = new AnalysisConsole(common, null, announcement)) {
            return evaluation.run(asked, problems, drawing, samples, console);
        }
    }

    private List<Problem> problems(Task asked, List<TaskRow> rows) {
        return data == null ? choice().of(asked.test(), "task " + task.name()) : Tasks.problems(asked, rows);
    }

    /** Defaults of the benchmark, such as avg@16 for AIME; one answer if greedy, because several would be the same. */
    private void applyProtocol(TaskOptions options) {
        int usual = sampling.greedy() ? 1 : options.samples();
        samples = givenSamples == null ? usual : givenSamples;
        sampling.usualTemperature(options.temperature(samples));
    }

    private void print(Map<String, Object> config, EvalSummary summary, Path directory) throws IOException {
        common.remark("task " + task.name() + ", model " + model.name());
        summary.table().forEach(common::remark);
        common.remark("  rows       " + directory.resolve("eval.jsonl"));
        Map<String, Object> json = new LinkedHashMap<>(config);
        json.keySet()
                .retainAll(List.of(
                        "model",
                        "adapter",
                        "task",
                        "numbers",
                        "small",
                        "sizes",
                        "prompt",
                        "template_vars",
                        "data",
                        "dtype",
                        "seed"));
        json.putAll(summary.json());
        json.put("out", directory.toString());
        common.out().println(new ObjectMapper().writeValueAsString(json));
    }

    private Map<String, Object> config(Upbeat loaded, List<Problem> problems) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", "eval");
        model.record(config);
        task.record(config);
        prompt.record(config);
        template.record(config);
        if (data == null && task.name().equals("countdown")) {
            config.put("numbers", numbers == null ? PuzzleOptions.NUMBERS : numbers);
        }
        if (small) {
            config.put("small", true);
        }
        if (sizes != null) {
            config.put("sizes", sizes);
        }
        if (data != null) {
            config.put("data", data.toString());
        }
        chosen.record(config);
        if (choice().sample() != null) {
            config.put("sample_ids", problems.stream().map(Problem::id).toList());
        }
        config.put("samples", samples);
        config.put("dtype", loaded.decoder().dtype().toString());
        sampling.record(config);
        config.put("seed", sampling.seed());
        return config;
    }

    /** Rejects wrong options before anything is read. */
    private void check(TaskOptions options) throws IOException {
        if (data == null && !options.makesProblems()) {
            throw new BadInputException("task " + task.name() + " has no built-in problems; give a file of "
                    + "problems by --data FILE, JSONL or Parquet with rows {id, question, answer}");
        }
        if (numbers != null) {
            CountdownSettings.ofNumbers(numbers);
            requirePuzzlesOf("--numbers", "countdown", options.isCountdown());
        }
        if (small) {
            requirePuzzlesOf("--small", "countdown", options.isCountdown());
        }
        if (sizes != null) {
            GridSize.parse(sizes);
            requirePuzzlesOf("--sizes", "zebralogic", options.isZebraLogic());
        }
        if (out != null && out.toString().isEmpty()) {
            throw new BadInputException("--out is empty; expected a directory, or leave --out out");
        }
        template.variables();
        Evaluation.requireDifferentAnswers(sampling.sampling(Set.of()), samples);
    }

    private void requirePuzzlesOf(String option, String name, boolean isThat) {
        if (!isThat) {
            throw new BadInputException(option + " applies only to --task " + name + "; leave it out");
        }
        if (data != null) {
            throw new BadInputException(
                    option + " selects puzzles to generate, but --data gives the puzzles; leave " + option + " out");
        }
    }

    private RowChoice choice() {
        return chosen.choice(sampling.seed());
    }
}
