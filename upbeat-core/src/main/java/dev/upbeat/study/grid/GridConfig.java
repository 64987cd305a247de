package dev.upbeat.study.grid;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.upbeat.io.BadInputException;
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
 * A grid of trainings: one base configuration, and for each method and task what differs.
 *
 * @param file where it stands
 * @param base the training configuration that all begin with
 * @param common what all have besides
 * @param tasks by name, in order
 * @param methods by name, in order
 * @param seeds each method's, the same for all: they pair
 * @param baselines methods that all others are compared with
 * @param outcomes by which they are, the first before all
 * @param paper column of the paper's tables to stand beside, null for none
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
        Path out,
        Path rows) {
    private static final String GAMMA = "credit.gamma";
    private static final List<String> OWN = List.of("seed", "out");
    static final String ROWS = "rows.jsonl";
    static final List<Outcome> USUAL_OUTCOMES = List.of(Outcome.FINAL_ACCURACY, Outcome.MEAN_REWARD);
    private static final Pattern MEAN_OF = Pattern.compile("mean of (.+)");

    /**
     * @param overrides {@code key.path=value}: training keys that all runs get
     * @throws BadInputException where a key is unknown or missing, a method's configuration is refused, or a baseline is no
     *     method
     */
    public static GridConfig read(Path file, List<String> overrides) throws IOException {
        return GridFile.read(file, overrides).checked();
    }

    /** That of a preset. */
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
                        out,
                        out.resolve(ROWS))
                .checked();
    }

    /** What the task of the base configuration is called. */
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

    /** These, once every training that can be read now has been. */
    GridConfig checked() throws IOException {
        if (methods.isEmpty()) {
            throw new BadInputException(file + ": methods is missing; expected a mapping of names to training keys,"
                    + " {uniform: {credit.strategy: uniform}} say");
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
                            + "; expected a method with a gamma of its own, one of " + String.join(", ", others));
                }
                TrainConfig config = training(run, source == null ? null : 1.0, Path.of("none"));
                for (Outcome outcome : outcomes) {
                    if (!outcome.isOf(config)) {
                        throw new BadInputException(file + ": outcomes has " + outcome + ", but eval.every is 0"
                                + (tasks.size() == 1 ? "" : " for task " + task)
                                + "; evaluate, or leave it out");
                    }
                }
            }
        }
        return this;
    }

    /** What the grid sets itself, for each run. */
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

    /** These with other seeds or another directory, where they are given. */
    public GridConfig with(@Nullable List<Long> otherSeeds, @Nullable Path otherOut) {
        boolean ownRows = rows.equals(out.resolve(ROWS));
        return new GridConfig(
                file,
                base,
                common,
                tasks,
                methods,
                otherSeeds == null ? seeds : otherSeeds.stream().distinct().toList(),
                baselines,
                outcomes,
                paper,
                otherOut == null ? out : otherOut,
                otherOut == null || !ownRows ? rows : otherOut.resolve(ROWS));
    }

    /** All cells, a seed after the other, so that a grid that is interrupted has whole seeds. */
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

    /** The method whose mean gamma another has for its constant one; null where it has a gamma of its own. */
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
     * The credit of each method in words, "entropy-selection, share 0.2, from top, ..", by task where tasks differ in it.
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
                .map(each -> each.getKey().equals("strategy")
                        ? each.getValue().toString()
                        : each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /**
     * The training of a cell.
     *
     * @param gamma its constant gamma, where it is another method's mean; null where it is not
     */
    GrpoConfig training(GridRun run, @Nullable Double gamma, Path directory) throws IOException {
        return training(run, gamma, directory, Settings.NONE);
    }

    /** @param last keys that win over all others */
    GrpoConfig training(GridRun run, @Nullable Double gamma, Path directory, Settings last) throws IOException {
        Settings settings = common.plus(Objects.requireNonNull(tasks.get(run.task())))
                .plus(Objects.requireNonNull(methods.get(run.method())));
        if (gamma != null) {
            settings = settings.plus(GAMMA, gamma.toString());
        }
        settings = settings.plus(last)
                .plus("seed", Long.toString(run.seed()))
                .plus("out", TextNode.valueOf(directory.toString()).toString());
        return grpo(TrainConfig.read(base, settings.words(), file + ", method " + run.method()), base);
    }
}
