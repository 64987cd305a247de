package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.app.analyze.AnalysisRows;
import dev.upbeat.app.study.Examples;
import dev.upbeat.app.study.PerturbationReport;
import dev.upbeat.app.study.PerturbationRun;
import dev.upbeat.app.study.RowAnswers;
import dev.upbeat.app.study.StudyDirectory;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.study.perturbation.Criterion;
import dev.upbeat.study.perturbation.FinalAnswers;
import dev.upbeat.study.perturbation.PerturbationExperiment;
import dev.upbeat.study.perturbation.PerturbationSettings;
import dev.upbeat.study.perturbation.Words;
import dev.upbeat.task.TaskRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat study perturbation}: Eq. 11 and Table 1. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "perturbation",
        description = {
            "Measures how replacing a token of high or low FAI changes the text after it.",
            "Replaces one token of a greedy response, continues greedily, and compares the content words that "
                    + "follow. Positions have high or low FAI (Eq. 11 and Table 1 of arXiv 2510.13554), WAAD or "
                    + "entropy, are random, or match the high-FAI positions in entropy and position."
        },
        footerHeading = "%nExample:%n",
        footer = "  upbeat study perturbation model.gguf --prompts gsm8k.jsonl --task gsm8k --prompt paper --sample 20")
final class StudyPerturbationCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private ModelFlags model = new ModelFlags();

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            required = true,
            description = "Prompts to answer, JSONL or Parquet: {id, messages}, {id, prompt} or {id, question}.")
    private @Nullable Path prompts;

    @Mixin
    private StudyFlags study = new StudyFlags();

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "512",
            description = "Maximum length of a response in tokens; continuations end there too (default: 512).")
    private int maxNewTokens;

    @Option(
            names = "--positions",
            paramLabel = "N",
            defaultValue = "5",
            description = "Positions per criterion (default: 5).")
    private int positions;

    @Option(
            names = "--alternatives",
            paramLabel = "K",
            defaultValue = "5",
            description = "Number of replacement tokens per position, the most likely ones (default: 5).")
    private int alternatives;

    @Option(
            names = "--include-original",
            description = "Count the response's original token among the K, as the paper does.")
    private boolean includeOriginal;

    @Option(
            names = "--horizons",
            paramLabel = "N[,N]",
            hideParamSyntax = true,
            split = ",",
            defaultValue = "32,64,128,end",
            description = "Tokens after the position to compare (default: 32,64,128,end).")
    private List<String> horizons = new ArrayList<>();

    @Option(
            names = "--criteria",
            paramLabel = "NAME[,NAME]",
            hideParamSyntax = true,
            split = ",",
            description =
                    "Criteria that choose positions: high_fai, low_fai, high_waad, low_waad, high_entropy, low_entropy,"
                            + " random, matched (default: all).")
    private List<Criterion> criteria = List.of(Criterion.values());

    @Option(
            names = "--words",
            paramLabel = "content|whitespace",
            defaultValue = "content",
            description = "Words that are compared: content (lower-cased, without function words and punctuation) or"
                    + " whitespace (all text between white space as it is written) (default: content).")
    private Words words = Words.CONTENT;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "Benchmark whose verifier finds the final answers, to count those that change: math, gsm8k,"
                    + " math500, aime24, aime25, amc23, olympiadbench, minerva, dapo-math, crossthink-qa. Needs the"
                    + " horizon end.")
    private @Nullable String task;

    @Option(
            names = "--shortest-correct",
            description = "Take the examples from the shortest right response (needs --task and rows with an answer)"
                    + " instead of the problem with the median difference.")
    private boolean shortestCorrect;

    @Option(
            names = "--tail",
            paramLabel = "N",
            defaultValue = "10",
            description = "Number of tokens at the end of a response that are never chosen, because their FAI "
                    + "averages few rows (default: 10).")
    private int tail;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of --sample, of random positions and of the statistics (default: 0).")
    private long seed;

    @Option(
            names = "--time-alone",
            paramLabel = "N",
            description = "Also generate about N continuations of the first response one by one, each from its "
                    + "whole prompt, and report the slowdown.")
    private int timeAlone;

    @Override
    public Integer call() throws IOException {
        study.check(seed);
        Path file = java.util.Objects.requireNonNull(prompts);
        Sampling.greedy(maxNewTokens, Set.of());
        check(settings(Set.of()));
        AnalysisInput input = study.prompts(
                model,
                file,
                seed,
                task == null ? null : RowAnswers.benchmark(task).prompt());
        List<TaskRow> rows = AnalysisRows.read(input).prompts();
        FinalAnswers answers = task == null ? null : new RowAnswers(task, rows);
        if (shortestCorrect && rows.stream().allMatch(row -> row.answer() == null)) {
            throw new BadInputException("--shortest-correct needs right answers, but no row of " + file
                    + " has one; expected answer, final_answer, ground_truth, reward_model.ground_truth or solution."
                    + " Add it, or leave --shortest-correct out");
        }
        Path out = study.out(model.defaultRun("-perturbation"));
        try (StudyDirectory directory = StudyDirectory.create(out, study.force());
                Interruption interruption = Interruption.cleaningUpBy(directory::abandon);
                Upbeat loaded = model.load(common);
                AnalysisConsole console = new AnalysisConsole(
                        common,
                        null,
                        "study perturbation: " + CommonOptions.counted(rows.size(), "prompt") + " to " + model.name()
                                + "; into " + out)) {
            settings(loaded.stopIds()).requireVocabulary(loaded.config().vocabulary());
            RhythmOptions options = study.rhythm(loaded.config());
            StudyDirectory.Run run = directory.run(
                    model.shortName() + "-" + StudyFlags.dataName(file),
                    input,
                    loaded,
                    loaded.greedy(maxNewTokens),
                    options,
                    List.of(),
                    config(input, loaded, options),
                    console);
            PerturbationExperiment experiment = new PerturbationRun(
                            loaded, settings(loaded.stopIds()), answers, console)
                    .run(run, timeAlone, StudyFlags.commandLine(common), directory);
            StudyReport report = PerturbationReport.of(
                    experiment,
                    run.name(),
                    shortestCorrect ? Examples.Choice.SHORTEST_CORRECT : Examples.Choice.MEDIAN_DIFFERENCE,
                    directory.provenance());
            console.close();
            directory.finish(report, experiment);
            report.findings().forEach(common.out()::println);
            common.out().println("report: " + out.resolve("report.html"));
        }
        return ExitCode.DONE;
    }

    private PerturbationSettings settings(Set<Integer> stopIds) {
        return new PerturbationSettings(
                positions,
                alternatives,
                includeOriginal,
                horizons.stream().map(StudyPerturbationCommand::horizon).toList(),
                tail,
                maxNewTokens,
                PerturbationRun.RESAMPLES,
                seed,
                stopIds,
                criteria,
                words);
    }

    private void check(PerturbationSettings settings) {
        if (task != null) {
            RowAnswers.benchmark(task);
            if (settings.furthest() != PerturbationSettings.END) {
                throw new BadInputException(
                        "--task " + task + " compares final answers, which need continuations to the"
                                + " end; add end to --horizons, or leave --task out");
            }
        }
        if (shortestCorrect && task == null) {
            throw new BadInputException("--shortest-correct needs --task NAME, whose verifier tells right responses");
        }
    }

    private static int horizon(String text) {
        if (text.equals("end")) {
            return PerturbationSettings.END;
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new BadInputException(
                    "--horizons " + text + ": expected numbers of tokens of at least 1, or end, such as 32,64,128,end");
        }
        return Integer.parseInt(text);
    }

    private Map<String, Object> config(AnalysisInput input, Upbeat loaded, RhythmOptions options) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", "study perturbation");
        study.record(config, model, input, loaded, options);
        if (task != null) {
            config.put("task", task);
        }
        config.put("max_new_tokens", maxNewTokens);
        config.put("temperature", 0);
        config.put("seed", seed);
        return config;
    }
}
