package dev.upbeat.task;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The named tasks, each with its protocol: answers to each problem, and their temperature. The paper (arXiv 2510.13554,
 * Table 4) reports avg@16 for AIME and pass@1 for the others, and does not state the temperature of its evaluations; here it
 * is 1, as in training, for avg@16, and 0 for one answer.
 */
public enum Benchmark {
    COUNTDOWN(PromptStyle.BARE, 1),
    MATH(PromptStyle.BOXED, 1),
    GSM8K(PromptStyle.HASHES, 1),
    MATH500(PromptStyle.BOXED, 1),
    AIME24(PromptStyle.BOXED, 16),
    AIME25(PromptStyle.BOXED, 16),
    AMC23(PromptStyle.BOXED, 1),
    OLYMPIADBENCH(PromptStyle.BOXED, 1),
    MINERVA(PromptStyle.BOXED, 1),
    DAPO_MATH(PromptStyle.ANSWER_LINE, 1),
    CROSSTHINK_QA(PromptStyle.BARE, 1),
    ZEBRALOGIC(PromptStyle.BARE, 1);

    /** All names, in the order of messages. */
    public static final List<String> NAMES =
            Arrays.stream(values()).map(Benchmark::toString).toList();

    private static final double DRAWN = 1;

    private final PromptStyle prompt;
    private final int samples;

    Benchmark(PromptStyle prompt, int samples) {
        this.prompt = prompt;
        this.samples = samples;
    }

    /** Usual prompt style of its questions. */
    public PromptStyle prompt() {
        return prompt;
    }

    /** Answers to each problem, K of avg@K. */
    public int samples() {
        return samples;
    }

    /**
     * Default temperature of the answers.
     *
     * @param samples answers to each problem
     */
    public double temperature(int samples) {
        return this.samples > 1 && samples > 1 ? DRAWN : 0;
    }

    /** @throws BadInputException if no task has this name */
    public static Benchmark of(String name) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static BadInputException unknown(String name) {
        String meant = Nearest.to(name, NAMES).map(near -> " (" + near + "?)").orElse("");
        return new BadInputException("task " + name + " is not known" + meant + "; expected one of "
                + String.join(", ", NAMES) + ", class, endpoint");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
