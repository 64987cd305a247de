package dev.upbeat.study.grid;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.train.config.ConfigFile;
import dev.upbeat.train.config.GrpoConfig;
import dev.upbeat.train.config.Section;
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
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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
    private static final String ROWS = "rows.jsonl";
    private static final List<Outcome> USUAL_OUTCOMES = List.of(Outcome.FINAL_ACCURACY, Outcome.MEAN_REWARD);
    private static final Pattern MEAN_OF = Pattern.compile("mean of (.+)");

    /** Names are parts of directories. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=-]*");

    /**
     * @param overrides {@code key.path=value}: training keys that all runs get
     * @throws BadInputException where a key is unknown or missing, a method's configuration is refused, or a baseline is no
     *     method
     */
    public static GridConfig read(Path file, List<String> overrides) throws IOException {
        Section root = ConfigFile.read(file, "a grid's configuration", List.of(), "command line");
        Path base = sibling(file, root.requiredText("base", "a training configuration, beside this file"));
        Settings common = settings(root, "set");
        Map<String, Settings> methods = named(root, "methods", "random: {credit.strategy: random}");
        Map<String, Settings> tasks = named(root, "tasks", "countdown: {task.numbers: 3}");
        if (tasks.isEmpty()) {
            tasks.put(onlyTask(base, common.plus(Settings.of(overrides))), Settings.NONE);
        }
        List<Long> seeds = seeds(root);
        List<String> baselines = baselines(root, methods.keySet());
        List<Outcome> outcomes = new ArrayList<>();
        for (String name : texts(
                root, "outcomes", USUAL_OUTCOMES.stream().map(Outcome::toString).toList())) {
            try {
                outcomes.add(Outcome.of(name));
            } catch (BadInputException e) {
                throw new BadInputException(file + ": outcomes: " + e.getMessage(), e);
            }
        }
        String paper = root.text("paper", "none", PaperResults.expected());
        if (!paper.equals("none") && !PaperResults.columns().contains(paper)) {
            throw root.wrong("paper", PaperResults.expected());
        }
        Path out = Path.of(root.dependentText("out", TrainConfig.defaultOut(root.origin()), "a directory"));
        Path rows = Path.of(root.dependentText("rows", out.resolve(ROWS).toString(), "a file"));
        root.end();
        return new GridConfig(
                        file,
                        base,
                        common.plus(Settings.of(overrides)),
                        tasks,
                        methods,
                        seeds,
                        baselines,
                        outcomes,
                        paper.equals("none") ? null : paper,
                        out,
                        rows)
                .checked();
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
    private static String onlyTask(Path base, Settings common) throws IOException {
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

    /** Configurations are found from where the grid's stands. */
    private static Path sibling(Path file, String name) {
        return file.resolveSibling(name);
    }

    private static Settings settings(Section root, String key) {
        JsonNode node = root.raw(key, Map.of());
        root.keep(key, Map.of());
        if (node == null) {
            return Settings.NONE;
        }
        if (!node.isObject()) {
            throw root.wrong(key, "a mapping of training keys to values");
        }
        return Settings.of(node);
    }

    /** Names with their settings, in order. */
    private static Map<String, Settings> named(Section root, String key, String example) {
        JsonNode node = root.raw(key, Map.of());
        root.keep(key, Map.of());
        Map<String, Settings> named = new LinkedHashMap<>();
        if (node == null) {
            return named;
        }
        String expected = "a mapping of names to training keys, {" + example + "} say";
        if (!node.isObject()) {
            throw root.wrong(key, expected);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isObject() || !NAME.matcher(entry.getKey()).matches()) {
                throw root.wrong(key, expected + "; a name is of letters, digits and . _ = -");
            }
            named.put(entry.getKey(), Settings.of(entry.getValue()));
        }
        return named;
    }

    private static List<Long> seeds(Section root) {
        JsonNode node = root.raw("seeds", List.of(0));
        root.keep("seeds", List.of(0L));
        if (node == null) {
            return List.of(0L);
        }
        List<JsonNode> given = StreamSupport.stream(node.spliterator(), false).toList();
        List<Long> seeds = given.stream().map(JsonNode::longValue).distinct().toList();
        if (!node.isArray()
                || seeds.isEmpty()
                || seeds.size() != node.size()
                || !given.stream().allMatch(seed -> seed.isIntegralNumber() && seed.canConvertToLong())) {
            throw root.wrong("seeds", "different whole numbers in brackets, [0, 1, 2] say");
        }
        return seeds;
    }

    private static List<String> texts(Section root, String key, List<String> fallback) {
        JsonNode node = root.raw(key, fallback);
        root.keep(key, fallback);
        if (node == null) {
            return fallback;
        }
        List<String> texts = new ArrayList<>();
        node.forEach(text -> texts.add(text.asText()));
        if (!node.isArray() || new LinkedHashSet<>(texts).size() != texts.size()) {
            throw root.wrong(key, "different names in brackets, [" + String.join(", ", fallback) + "] say");
        }
        return texts;
    }

    /** Where none are given: those of the two usual ones that are methods. */
    private static List<String> baselines(Section root, Set<String> methods) {
        List<String> usual =
                Stream.of("uniform", "random").filter(methods::contains).toList();
        List<String> baselines = texts(root, "baselines", usual);
        for (String name : baselines) {
            if (!methods.contains(name)) {
                throw root.wrong("baselines", "some of the methods: " + String.join(", ", methods));
            }
        }
        return baselines;
    }

    /** These, once every training that can be read now has been. */
    GridConfig checked() throws IOException {
        if (methods.isEmpty()) {
            throw new BadInputException(file + ": methods is missing; expected a mapping of names to training keys,"
                    + " {uniform: {credit.strategy: uniform}} say");
        }
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
