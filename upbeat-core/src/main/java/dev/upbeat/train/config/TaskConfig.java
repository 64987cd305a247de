package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.RewardTerms;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.zebra.GridSize;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be solved.
 *
 * @param options which task, how it is asked and what is rewarded
 * @param data rows of problems; null for the task's own problems
 * @param testData rows of held-out problems; null for the last {@code test} rows of {@code data}
 * @param templateVars variables of the chat template for all prompts; a row's own take precedence
 * @param patienceSeconds how long training waits for an endpoint that is down
 */
public record TaskConfig(
        TaskOptions options,
        @Nullable Path data,
        @Nullable Path testData,
        Map<String, Object> templateVars,
        int patienceSeconds) {
    private static final String OWN = "own";
    private static final String SPLIT = "split";
    private static final String AUTO = "auto";

    /** Training problems; of a file at most so many. */
    public int train() {
        return options.puzzles().train();
    }

    /** Held-out problems; of a file at most so many. */
    public int test() {
        return options.puzzles().test();
    }

    static TaskConfig read(Section section) {
        String name = section.requiredChoice("name", TaskOptions.NAMES.toArray(String[]::new));
        String data = section.text("data", OWN, "a file of rows, or own for the task's own problems");
        String testData = section.text("test_data", SPLIT, "a file of rows, or split for the last rows of task.data");
        if (data.equals(OWN)) {
            if (!testData.equals(SPLIT)) {
                throw section.wrong("test_data", "split, for task.data is own: give task.data a file too");
            }
        }
        try {
            TaskOptions options = options(section, name);
            if (data.equals(OWN) && !options.makesProblems()) {
                throw section.wrong("data", "a file of rows, for " + name + " makes no problems of its own");
            }
            return new TaskConfig(
                    options,
                    data.equals(OWN) ? null : Path.of(data),
                    testData.equals(SPLIT) ? null : Path.of(testData),
                    TemplateVars.read(section),
                    section.integer("endpoint_patience", 600, 0, 1_000_000));
        } catch (BadInputException e) {
            throw section.origin().together("task", e);
        }
    }

    private static TaskOptions options(Section section, String name) {
        String prompt = section.text("prompt", AUTO, "auto, usual, paper, boxed, question, or a text with {question}");
        boolean hasClass = name.equals(TaskOptions.CLASS) || section.has("class");
        String className = hasClass ? section.requiredText("class", "the name of a class, a.b.C") : null;
        boolean hasEndpoint = name.equals(TaskOptions.ENDPOINT) || section.has("endpoint");
        String url =
                hasEndpoint ? section.requiredText("endpoint", "an address, http://localhost:8000/reward, say") : null;
        int timeout = section.integer("endpoint_timeout", EndpointSettings.TIMEOUT_SECONDS, 1, 3_600);
        int retries = section.integer("endpoint_retries", EndpointSettings.RETRIES, 0, 20);
        int concurrency = section.integer("endpoint_concurrency", EndpointSettings.CONCURRENCY, 1, 256);
        return new TaskOptions(
                name,
                prompt.equals(AUTO) ? null : prompt,
                className,
                url == null ? null : EndpointSettings.of(url, timeout, retries, concurrency),
                puzzles(section),
                terms(section));
    }

    private static PuzzleOptions puzzles(Section section) {
        int numbers = section.integer("numbers", PuzzleOptions.NUMBERS, 3, 6);
        String sizes = section.text("sizes", PuzzleOptions.ALL_SIZES, "sizes such as 3x3,4x4, small, or all");
        GridSize.parse(sizes);
        return new PuzzleOptions(
                numbers,
                sizes,
                section.number("cell_reward", 0.0, Range.between(0, 0.999999)),
                section.integer("train", PuzzleOptions.TRAIN, 1, PuzzleOptions.MOST),
                section.integer("test", PuzzleOptions.TEST, 1, PuzzleOptions.MOST));
    }

    private static RewardTerms terms(Section section) {
        double formatReward = section.number("format_reward", 0.0, Range.between(0, 0.999999));
        String form = section.choice("form", "none", "none", "think", "think-answer", "boxed");
        double formReward = section.number("form_reward", 0.0, Range.between(0, 1_000));
        if (form.equals("none") && formReward > 0) {
            throw section.wrong(
                    "form_reward",
                    "0, for task.form is none; or name the form that is rewarded: think, think-answer, boxed");
        }
        if (!form.equals("none") && formReward == 0) {
            throw section.wrong("form", "none, for task.form_reward is 0; or say there what the form is worth");
        }
        double lengthPenalty = section.number("length_penalty", 0.0, Range.between(0, 1_000));
        int lengthFrom = section.integer("length_from", RewardTerms.NONE.lengthFrom(), 0, 1 << 24);
        int lengthTo = section.integer("length_to", RewardTerms.NONE.lengthTo(), 1, 1 << 24);
        return new RewardTerms(
                formatReward,
                RewardTerms.Form.valueOf(form.toUpperCase(Locale.ROOT).replace('-', '_')),
                formReward,
                lengthPenalty,
                lengthFrom,
                lengthTo);
    }
}
