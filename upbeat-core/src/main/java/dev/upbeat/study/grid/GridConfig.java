package dev.upbeat.study.grid;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.upbeat.credit.CreditKey;
import dev.upbeat.io.BadInputException;
import dev.upbeat.stats.RunningPeak;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A grid of trainings: a base configuration, and the differences of each method and task.
 *
 * @param file of this configuration
 * @param base training configuration that all runs start from
 * @param common further settings of all runs
 * @param tasks by name, in order
 * @param methods by name, in order
 * @param seeds the same for every method, so that runs pair by seed
 * @param baselines methods with which all others are compared
 * @param outcomes numbers to compare, the most important first
 * @param paper column of the paper's tables to show beside the results, null for none
 * @param peak a of the running peak in figures
 * @param out directory of the trainings and the result
 * @param rows the file of finished runs
 */
public record GridConfig(
        Path file,
        Path base,
        Settings common,
        Map<String, Settings> tasks,
        Map<String, Settings> methods,
        List<Long> seeds,
        List<String> baselines,
        List<Outcome> outcomes,
        @Nullable String paper,
        double peak,
        Path out,
        Path rows) {
    private static final String GAMMA = "credit.gamma";
    private static final List<String> OWN = List.of("seed", "out");
    static final String ROWS = "rows.jsonl";
    static final List<Outcome> USUAL_OUTCOMES = List.of(Outcome.FINAL_ACCURACY, Outcome.MEAN_REWARD);
    private static final Pattern MEAN_OF = Pattern.compile("mean of (.+)");

    /**
     * @param overrides {@code key.path=value}: training keys that all runs get
     * @throws BadInputException if a key is unknown or missing, a method's configuration is invalid, or a baseline is not a
     *     method
     */
    public static GridConfig read(Path file, List<String> overrides) throws IOException {
        return read(file, overrides, null, null);
    }

    /**
     * @param base training configuration instead of the file's; null for the file's
     * @param paper column of the paper instead of the file's; null for the file's
     */
    public static GridConfig read(Path file, List<String> overrides, @Nullable Path base, @Nullable String paper)
            throws IOException {
        return GridFile.read(file, overrides, base, paper).checked();
    }

    /** Makes the configuration of a preset. */
    static GridConfig of(Path base, List<String> overrides, Map<String, Settings> methods, String paper, Path out)
            throws IOException {
        Settings common = Settings.of(overrides);
        return new GridConfig(
                        base,
                        base,
                        common,
                        Map.of(onlyTask(base, common), Settings.NONE),
                        methods,
                        List.of(0L, 1L, 2L),
                        List.of("uniform", "random"),
                        USUAL_OUTCOMES,
                        paper,
                        RunningPeak.SHARE,
                        out,
                        out.resolve(ROWS))
                .checked();
    }

    /** Name of the base configuration's task. */
    static String onlyTask(Path base, Settings common) throws IOException {
        return grpo(TrainConfig.read(base, common.words()), base)
                .task()
                .options()
                .name();
    }

    private static GrpoConfig grpo(TrainConfig config, Path file) {
        if (config instanceof GrpoConfig grpo) {
            return grpo;
        }
        throw new BadInputException(file + ": kind is sft; expected a configuration of kind grpo");
    }

    /** Checks every training whose gamma is known, and returns this. */
    GridConfig checked() throws IOException {
        if (methods.isEmpty()) {
            throw new BadInputException(file + ": methods is missing; expected a mapping of names to training keys,"
                    + " such as {uniform: {credit.strategy: uniform}}");
        }
        requireNotSet("set, or the command line", common);
        tasks.forEach((name, settings) -> requireNotSet("task " + name, settings));
        methods.forEach((name, settings) -> requireNotSet("method " + name, settings));
        for (String task : tasks.keySet()) {
            for (String method : methods.keySet()) {
                GridRun run = new GridRun(task, method, seeds.get(0));
                String source = gammaSource(method);
                if (source != null && (!methods.containsKey(source) || gammaSource(source) != null)) {
                    List<String> others = new ArrayList<>(methods.keySet());
                    others.remove(method);
                    throw new BadInputException(file + ", method " + method + ": credit.gamma is the mean of " + source
                            + "; expected the mean of a method whose gamma is not itself a mean, one of "
                            + String.join(", ", others));
                }
                TrainConfig config = training(run, source == null ? null : 1.0, Path.of("none"));
                for (Outcome outcome : outcomes) {
                    if (!outcome.isOf(config)) {
                        throw new BadInputException(
                                file + ": outcome " + outcome + " needs evaluations, but eval.every is 0"
                                        + (tasks.size() == 1 ? "" : " for task " + task)
                                        + "; set eval.every, or list outcomes without it, such as outcomes: [mean-reward]");
                    }
                }
                if (!config.eval().names().equals(benchmarks(task))) {
                    throw new BadInputException(
                            file + ", method " + method + ": evaluates the benchmarks "
                                    + config.eval().names() + ", and the first method " + benchmarks(task)
                                    + "; expected the same eval.tasks for all methods. Set it in the base, in set or in a task");
                }
            }
        }
        return this;
    }

    /** The names of a task's benchmarks, the same for all methods; empty without benchmarks. */
    public List<String> benchmarks(String task) throws IOException {
        String first = methods.keySet().iterator().next();
        Double gamma = gammaSource(first) == null ? null : 1.0;
        return training(new GridRun(task, first, seeds.get(0)), gamma, Path.of("none"))
                .eval()
                .names();
    }

    /** Rejects keys that the grid sets for each run. */
    private void requireNotSet(String place, Settings settings) {
        for (String key : OWN) {
            if (settings.values().containsKey(key)) {
                throw new BadInputException(file + ", " + place + ": has " + key + " "
                        + settings.values().get(key) + ", which a grid gives to each run itself; leave it out"
                        + (key.equals("seed")
                                ? ", the runs have the grid's seeds (seeds: [0, 1], or --seeds)"
                                : ", the runs lie in the grid's directory (out at the top of its file, or --out)"));
            }
        }
    }

    /** Returns this with other seeds or another directory, if given. */
    public GridConfig with(@Nullable List<Long> otherSeeds, @Nullable Path otherOut) {
        boolean ownRows = rows.equals(out.resolve(ROWS));
        return new GridConfig(
                file,
                base,
                common,
                tasks,
                methods,
                otherSeeds == null ? seeds : List.copyOf(otherSeeds),
                baselines,
                outcomes,
                paper,
                peak,
                otherOut == null ? out : otherOut,
                otherOut == null || !ownRows ? rows : otherOut.resolve(ROWS));
    }

    /** All runs, seed by seed, so that an interrupted grid has complete seeds. */
    List<GridRun> runs() {
        List<GridRun> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (String task : tasks.keySet()) {
                for (String method : methods.keySet()) {
                    runs.add(new GridRun(task, method, seed));
                }
            }
        }
        return runs;
    }

    /** The method whose mean gamma the given method uses as its constant gamma; null if there is none. */
    @Nullable
    String gammaSource(String method) {
        String gamma = Objects.requireNonNull(methods.get(method)).values().get(GAMMA);
        Matcher matcher = MEAN_OF.matcher(gamma == null ? "" : gamma.strip());
        return matcher.matches() ? matcher.group(1).strip() : null;
    }

    /**
     * The strategy of a method and all options that it reads, with defaults filled in.
     *
     * @param task of the grid: a task may set credit too
     */
    Map<String, Object> credit(String task, String method) throws IOException {
        String source = gammaSource(method);
        GridRun run = new GridRun(task, method, seeds.get(0));
        Map<String, Object> credit = training(run, source == null ? null : 1.0, Path.of("none"))
                .credit()
                .inUse();
        if (source != null) {
            credit.put("gamma", "mean of " + source);
        }
        return credit;
    }

    /**
     * Describes the credit of each method: "entropy-selection, share 0.2, from top, ..", by task if tasks differ.
     *
     * @return by method, in order
     */
    public Map<String, String> credits() throws IOException {
        Map<String, String> credits = new LinkedHashMap<>();
        for (String method : methods.keySet()) {
            Map<String, String> byTask = new LinkedHashMap<>();
            for (String task : tasks.keySet()) {
                byTask.put(task, words(credit(task, method)));
            }
            Set<String> different = new LinkedHashSet<>(byTask.values());
            credits.put(
                    method,
                    different.size() == 1
                            ? different.iterator().next()
                            : byTask.entrySet().stream()
                                    .map(each -> each.getKey() + ": " + each.getValue())
                                    .collect(Collectors.joining("; ")));
        }
        return credits;
    }

    static String words(Map<String, Object> credit) {
        return credit.entrySet().stream()
                .filter(each -> !CreditKey.isUsualReading(each.getKey(), each.getValue()))
                .map(each -> each.getKey().equals("strategy")
                        ? each.getValue().toString()
                        : each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /**
     * The training configuration of a run.
     *
     * @param gamma constant gamma that is another method's mean; null for any other method
     */
    GrpoConfig training(GridRun run, @Nullable Double gamma, Path directory) throws IOException {
        return training(run, gamma, directory, Settings.NONE);
    }

    /** @param last keys that override all others */
    GrpoConfig training(GridRun run, @Nullable Double gamma, Path directory, Settings last) throws IOException {
        Settings settings = common.plus(Objects.requireNonNull(tasks.get(run.task())))
                .plus(Objects.requireNonNull(methods.get(run.method())));
        if (gamma != null) {
            settings = settings.plus(GAMMA, gamma.toString());
        }
        settings = settings.plus(last)
                .plus("seed", Long.toString(run.seed()))
                .plus("out", TextNode.valueOf(directory.toString()).toString());
        String source = file + ", method " + run.method();
        return grpo(
                TrainConfig.read(
                        base, settings.words(), source, file.toAbsolutePath().resolveSibling("")),
                base);
    }
}
