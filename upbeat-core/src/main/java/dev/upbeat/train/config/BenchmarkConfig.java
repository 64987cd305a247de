package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.RewardTerms;
import dev.upbeat.task.TaskOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark that is evaluated during training, an entry of {@code eval.tasks}.
 *
 * @param key path of the entry: {@code eval.tasks[0]}
 * @param name part of metric names; different for each benchmark
 * @param options options of its task; the training's own task keeps the training's options, except for the prompt
 * @param data rows of problems; null for the held-out problems of the training
 * @param samples answers per problem
 * @param every steps between two evaluations
 */
public record BenchmarkConfig(
        String key,
        String name,
        TaskOptions options,
        @Nullable Path data,
        int samples,
        int every) {
    private static final String LIST =
            "a list of benchmarks, such as [{name: aime24, data: aime24.jsonl, samples: 16}]";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final String HELD_OUT = "held-out";
    private static final String AUTO = "auto";

    /**
     * Reads all entries.
     *
     * @param eval section {@code eval}
     * @param training the task of the training
     * @param samples default of each benchmark
     * @param every default of each benchmark
     */
    static List<BenchmarkConfig> list(Section eval, TaskConfig training, int samples, int every) {
        List<BenchmarkConfig> benchmarks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section entry : eval.list("tasks", LIST)) {
            String key = "eval.tasks[" + benchmarks.size() + "]";
            BenchmarkConfig benchmark = read(key, entry, training.options(), samples, every);
            if (!names.add(benchmark.name)) {
                throw entry.wrong("name", "a different name for each benchmark; task: NAME gives two of them one task");
            }
            benchmarks.add(benchmark);
        }
        return List.copyOf(benchmarks);
    }

    private static BenchmarkConfig read(String key, Section entry, TaskOptions training, int samples, int every) {
        String letters = "a name of letters, digits and . _ -, such as aime24";
        String name = entry.required("name").text(letters);
        if (!name.matches(NAME)) {
            throw entry.wrong("name", letters);
        }
        String data = entry.required("data")
                .path("a file of rows, or " + HELD_OUT + " for the held-out problems of the training", HELD_OUT);
        boolean heldOut = data.equals(HELD_OUT);
        return new BenchmarkConfig(
                key,
                name,
                options(entry, name, heldOut, training),
                heldOut ? null : Path.of(data),
                entry.dependent("samples", samples).integer(1, 1 << 16),
                entry.dependent("every", every).integer(1, Integer.MAX_VALUE));
    }

    private static TaskOptions options(Section entry, String name, boolean heldOut, TaskOptions training) {
        String task = entry.dependent("task", heldOut ? training.name() : name).text("the name of a task");
        String prompt =
                entry.optional("prompt", AUTO).text("auto, usual, paper, boxed, question, or a text with {question}");
        boolean same = task.equals(training.name());
        if (heldOut && !same) {
            throw entry.wrong("task", training.name() + ", the task of the training, because data is " + HELD_OUT);
        }
        if (heldOut && !prompt.equals(AUTO)) {
            throw entry.wrong("prompt", AUTO + ", because data is " + HELD_OUT + ": task.prompt asks its problems");
        }
        if (!TaskOptions.NAMES.contains(task)) {
            throw entry.wrong(
                    entry.has("task") ? "task" : "name",
                    "the name of a task, one of " + String.join(", ", TaskOptions.NAMES)
                            + (entry.has("task") ? "" : "; or any name with a task: {name: mine, task: math, ..}"));
        }
        if (!same && (task.equals(TaskOptions.CLASS) || task.equals(TaskOptions.ENDPOINT))) {
            throw entry.wrong(
                    entry.has("task") ? "task" : "name",
                    "another task, because only a training with task.name: " + task + " has its settings");
        }
        if (heldOut) {
            return training;
        }
        try {
            return new TaskOptions(
                    task,
                    prompt.equals(AUTO) ? null : prompt,
                    same ? training.className() : null,
                    same ? training.endpoint() : null,
                    same ? training.puzzles() : PuzzleOptions.DEFAULT,
                    same ? training.terms() : RewardTerms.NONE);
        } catch (BadInputException e) {
            throw entry.origin().together("eval.tasks", e);
        }
    }
}
