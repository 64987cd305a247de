package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.EndpointTask;
import dev.upbeat.task.math.MathTask;
import dev.upbeat.task.qa.QuestionTask;
import dev.upbeat.task.zebra.GridSize;
import dev.upbeat.task.zebra.ZebraLogic;
import dev.upbeat.task.zebra.ZebraSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A task by its name, with its options, as commands and configurations give it.
 *
 * @param name of a {@link Benchmark}, {@code class} or {@code endpoint}
 * @param prompt as {@link PromptStyle#of} reads it; null for rows' own prompts and the task's usual style
 * @param className of {@code class}; null for others
 * @param endpoint of {@code endpoint}; null for others
 * @param puzzles of tasks that generate them
 * @param terms added to rewards
 */
public record TaskOptions(
        String name,
        @Nullable String prompt,
        @Nullable String className,
        @Nullable EndpointSettings endpoint,
        PuzzleOptions puzzles,
        RewardTerms terms) {
    public static final String CLASS = "class";
    public static final String ENDPOINT = "endpoint";

    /** All possible names. */
    public static final List<String> NAMES = names();

    private static List<String> names() {
        List<String> names = new ArrayList<>(Benchmark.NAMES);
        names.addAll(List.of(CLASS, ENDPOINT));
        return List.copyOf(names);
    }

    /** @throws BadInputException if there is no such task, or an option that it needs is missing */
    public TaskOptions {
        switch (name) {
            case CLASS -> {
                if (className == null) {
                    throw new BadInputException(
                            "task class needs the name of a class that implements " + Task.class.getName() + ", a.b.C");
                }
            }
            case ENDPOINT -> {
                if (endpoint == null) {
                    throw new BadInputException("task endpoint needs an address, such as http://localhost:8000/reward");
                }
            }
            default -> Benchmark.of(name);
        }
        if (prompt != null) {
            PromptStyle.of(prompt, PromptStyle.BARE);
            if (name.equals(CLASS)) {
                throw new BadInputException("task class asks its questions itself; leave the prompt out");
            }
        }
    }

    /** A benchmark with its protocol. */
    public static TaskOptions of(String name) {
        return new TaskOptions(name, null, null, null, PuzzleOptions.DEFAULT, RewardTerms.NONE);
    }

    public boolean isCountdown() {
        return isOf(Benchmark.COUNTDOWN);
    }

    public boolean isZebraLogic() {
        return isOf(Benchmark.ZEBRALOGIC);
    }

    private boolean isOf(Benchmark benchmark) {
        return name.equals(benchmark.toString());
    }

    /** Whether the task may have problems without a file. */
    public boolean makesProblems() {
        return isCountdown() || isZebraLogic() || name.equals(CLASS);
    }

    /** Default number of answers to each problem. */
    public int samples() {
        return isBenchmark() ? Benchmark.of(name).samples() : 1;
    }

    /** Default temperature of the answers. */
    public double temperature(int samples) {
        return isBenchmark() ? Benchmark.of(name).temperature(samples) : 0;
    }

    private boolean isBenchmark() {
        return Benchmark.NAMES.contains(name);
    }

    /**
     * The task, with the terms in its rewards.
     *
     * @param countdown makes the Countdown task, whose form depends on the model
     */
    public Task task(Supplier<? extends Task> countdown) {
        Task task = isCountdown() ? countdown.get() : isZebraLogic() ? zebraLogic() : ofRows();
        return terms.any() ? new RewardedTask(task, terms) : task;
    }

    private Task zebraLogic() {
        ZebraSettings settings = new ZebraSettings(
                GridSize.parse(puzzles.sizes()), puzzles.train(), puzzles.test(), puzzles.cellReward());
        return new ZebraLogic(settings, prompt);
    }

    private Task ofRows() {
        return switch (name) {
            case CLASS -> CustomTask.load(String.valueOf(className));
            case ENDPOINT -> {
                if (endpoint == null) {
                    throw new IllegalStateException("checked when it was made");
                }
                yield new EndpointTask(endpoint, new Prompting(prompt, PromptStyle.BARE));
            }
            default -> {
                Benchmark benchmark = Benchmark.of(name);
                Prompting prompting = new Prompting(prompt, benchmark.prompt());
                yield benchmark == Benchmark.CROSSTHINK_QA
                        ? new QuestionTask(name, prompting)
                        : new MathTask(name, prompting);
            }
        };
    }
}
