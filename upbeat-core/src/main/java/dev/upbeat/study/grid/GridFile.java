package dev.upbeat.study.grid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.stats.RunningPeak;
import dev.upbeat.train.config.ConfigFile;
import dev.upbeat.train.config.Range;
import dev.upbeat.train.config.Section;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a grid's configuration (docs/grid.md) and checks the form of its values. {@link GridConfig} checks how they fit
 * together.
 */
final class GridFile {
    /** Names of methods and tasks, which become parts of directory names. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=-]*");

    private GridFile() {}

    /**
     * @param overrides {@code key.path=value}: training keys that all runs get
     * @param otherBase training configuration instead of the file's; null for the file's
     * @param otherPaper column of the paper instead of the file's; null for the file's
     * @throws BadInputException if a key is unknown or missing, a value has the wrong form, or a baseline is not a method
     */
    static GridConfig read(Path file, List<String> overrides, @Nullable Path otherBase, @Nullable String otherPaper)
            throws IOException {
        Section root = ConfigFile.read(file, "a grid's configuration", List.of(), "command line", Path.of(""));
        if (otherBase != null) {
            root.optional("base", "").text("a training configuration, beside this file"); // not read, but may be there
        }
        Path base = otherBase != null
                ? otherBase
                : sibling(file, root.required("base").text("a training configuration, beside this file"));
        Settings common = settings(root, "set");
        Map<String, Settings> methods = named(root, "methods", "random: {credit.strategy: random}");
        Map<String, Settings> tasks = named(root, "tasks", "countdown: {task.numbers: 3}");
        if (tasks.isEmpty()) {
            tasks.put(GridConfig.onlyTask(base, common.plus(Settings.of(overrides))), Settings.NONE);
        }
        List<Long> seeds = seeds(root);
        List<String> baselines = baselines(root, methods.keySet());
        List<Outcome> outcomes = new ArrayList<>();
        for (String name : texts(
                root,
                "outcomes",
                GridConfig.USUAL_OUTCOMES.stream().map(Outcome::toString).toList())) {
            try {
                outcomes.add(Outcome.of(name));
            } catch (BadInputException e) {
                throw new BadInputException(file + ": outcomes: " + e.getMessage(), e);
            }
        }
        String inFile = root.optional("paper", "none").text(PaperResults.expected());
        String paper = otherPaper == null ? inFile : otherPaper;
        if (!paper.equals("none") && !PaperResults.columns().contains(paper)) {
            throw otherPaper == null
                    ? root.wrong("paper", PaperResults.expected())
                    : new BadInputException("--paper " + paper + ": expected " + PaperResults.expected());
        }
        double peak = root.optional("peak", RunningPeak.SHARE).number(Range.share());
        String usual = TrainConfig.defaultOut(root.origin())
                + (otherBase == null
                        ? ""
                        : "-" + String.valueOf(base.getFileName()).replaceFirst("\\.ya?ml$", ""));
        Path out = Path.of(root.dependent("out", usual).text("a directory"));
        Path rows = Path.of(
                root.dependent("rows", out.resolve(GridConfig.ROWS).toString()).text("a file"));
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
                peak,
                out,
                rows);
    }

    /** Resolves a path relative to the grid's file. */
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
        String expected = "a mapping of names to training keys, such as {" + example + "}";
        if (!node.isObject()) {
            throw root.wrong(key, expected);
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isObject() || !NAME.matcher(entry.getKey()).matches()) {
                throw root.wrong(key, expected + "; a name consists of letters, digits and . _ = -");
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
            throw root.wrong("seeds", "different whole numbers in brackets, such as [0, 1, 2]");
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

    /** The default: the usual baselines that are methods of the grid. */
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
}
