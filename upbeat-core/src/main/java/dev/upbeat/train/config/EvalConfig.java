package dev.upbeat.train.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How held-out problems are answered during training.
 *
 * @param every steps between two evaluations; 0 for none. The model is also evaluated before the first step and after
 *     the last.
 * @param samples answers per problem
 * @param temperature of the answers; 0 for the most likely tokens
 * @param maxNewTokens most tokens of an answer
 * @param tasks the benchmarks that are evaluated instead of the training's held-out problems; empty for these problems
 */
public record EvalConfig(int every, int samples, double temperature, int maxNewTokens, List<BenchmarkConfig> tasks) {
    static final EvalConfig NONE = new EvalConfig(0, 1, 1, 1, List.of());

    /**
     * @param longest default of {@code max_new_tokens}
     * @param training the task of the training
     */
    static EvalConfig read(Section section, int longest, TaskConfig training) {
        int every = section.optional("every", 25).integer(0, Integer.MAX_VALUE);
        int samples = section.optional("samples", 1).integer(1, 1 << 16);
        double temperature = section.optional("temperature", 1.0).number(Range.atLeast(0));
        int maxNewTokens = section.dependent("max_new_tokens", longest).integer(1, 1 << 24);
        if (temperature > 0 && temperature < RolloutConfig.LEAST_TEMPERATURE) {
            throw section.wrong("temperature", "0 for greedy answers, or at least " + RolloutConfig.LEAST_TEMPERATURE);
        }
        if (temperature == 0 && samples > 1) {
            throw section.wrong("samples", "1 if eval.temperature is 0, because greedy answers are all the same");
        }
        List<BenchmarkConfig> tasks = BenchmarkConfig.list(section, training, samples, Math.max(1, every));
        if (every == 0 && !tasks.isEmpty()) {
            throw section.wrong(
                    "every", "at least 1, because eval.tasks has benchmarks; or no benchmarks (eval.tasks=[])");
        }
        for (BenchmarkConfig task : tasks) {
            if (temperature == 0 && task.samples() > 1) {
                throw section.origin()
                        .wrong(
                                task.key() + ".samples",
                                task.samples(),
                                "1 if eval.temperature is 0, because greedy answers are all the same");
            }
        }
        return new EvalConfig(every, samples, temperature, maxNewTokens, tasks);
    }

    /** The names of the benchmarks. */
    public List<String> names() {
        return tasks.stream().map(BenchmarkConfig::name).toList();
    }

    /** The files of the benchmarks by key. */
    Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        for (BenchmarkConfig task : tasks) {
            if (task.data() != null) {
                files.put(task.key() + ".data", task.data());
            }
        }
        return files;
    }
}
