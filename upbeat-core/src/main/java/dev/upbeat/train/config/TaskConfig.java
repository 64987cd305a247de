package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.RewardTerms;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.Service;
import dev.upbeat.task.zebra.GridSize;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Task to train on.
 *
 * @param options the task, its prompts and its rewards
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

    /** Number of training problems; the most that are taken from a file. */
    public int train() {
        return options.puzzles().train();
    }

    /** Number of held-out problems; the most that are taken from a file. */
    public int test() {
        return options.puzzles().test();
    }

    /** The files of problems by key, those to train on first. */
    Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>();
        if (data != null) {
            files.put("task.data", data);
        }
        if (testData != null) {
            files.put("task.test_data", testData);
        }
        return files;
    }

    static TaskConfig read(Section section) {
        String name = section.required("name").choice(TaskOptions.NAMES.toArray(String[]::new));
        String data =
                section.optional("data", OWN).path("a file of rows, or own for the task's built-in problems", OWN);
        String testData = section.optional("test_data", SPLIT)
                .path("a file of rows, or split for the last rows of task.data", SPLIT);
        if (data.equals(OWN)) {
            if (!testData.equals(SPLIT)) {
                throw section.wrong("test_data", "split, because task.data is own; or give task.data a file too");
            }
        }
        try {
            TaskOptions options = options(section, name);
            if (data.equals(OWN) && !options.makesProblems()) {
                throw section.wrong("data", "a file of rows, because " + name + " has no built-in problems");
            }
            return new TaskConfig(
                    options,
                    data.equals(OWN) ? null : Path.of(data),
                    testData.equals(SPLIT) ? null : Path.of(testData),
                    TemplateVars.read(section),
                    section.optional("endpoint_patience", 600).integer(0, 1_000_000));
        } catch (BadInputException e) {
            throw section.origin().together("task", e);
        }
    }

    private static TaskOptions options(Section section, String name) {
        String prompt =
                section.optional("prompt", AUTO).text("auto, usual, paper, boxed, question, or a text with {question}");
        boolean hasClass = name.equals(TaskOptions.CLASS) || section.has("class");
        String className = hasClass ? section.required("class").text("the name of a class, a.b.C") : null;
        boolean hasEndpoint = name.equals(TaskOptions.ENDPOINT) || section.has("endpoint");
        String url = hasEndpoint
                ? section.required("endpoint").text("an address such as http://localhost:8000/reward")
                : null;
        int timeout = section.optional("endpoint_timeout", EndpointSettings.TIMEOUT_SECONDS)
                .integer(1, 3_600);
        int retries =
                section.optional("endpoint_retries", EndpointSettings.RETRIES).integer(0, 20);
        int concurrency = section.optional("endpoint_concurrency", EndpointSettings.CONCURRENCY)
                .integer(1, 256);
        return new TaskOptions(
                name,
                prompt.equals(AUTO) ? null : prompt,
                className,
                url == null ? null : EndpointSettings.of(Service.REWARD, url, timeout, retries, concurrency),
                puzzles(section),
                terms(section));
    }

    private static PuzzleOptions puzzles(Section section) {
        int numbers = section.optional("numbers", PuzzleOptions.NUMBERS).integer(3, 6);
        String sizes = section.optional("sizes", PuzzleOptions.ALL_SIZES).text("sizes such as 3x3,4x4, small, or all");
        GridSize.parse(sizes);
        return new PuzzleOptions(
                numbers,
                section.added("puzzles", "usual").choice("usual", "small").equals("small"),
                sizes,
                section.optional("cell_reward", 0.0).number(Range.between(0, 0.999999)),
                section.optional("train", PuzzleOptions.TRAIN).integer(1, PuzzleOptions.MOST),
                section.optional("test", PuzzleOptions.TEST).integer(1, PuzzleOptions.MOST));
    }

    private static RewardTerms terms(Section section) {
        double formatReward = section.optional("format_reward", 0.0).number(Range.between(0, 0.999999));
        String form = section.optional("form", "none").choice("none", "think", "think-answer", "boxed");
        double formReward = section.optional("form_reward", 0.0).number(Range.between(0, 1_000));
        if (form.equals("none") && formReward > 0) {
            throw section.wrong(
                    "form_reward",
                    "0, because task.form is none; or choose the form to reward: think, think-answer, boxed");
        }
        if (!form.equals("none") && formReward == 0) {
            throw section.wrong("form", "none, because task.form_reward is 0; or set task.form_reward");
        }
        double lengthPenalty = section.optional("length_penalty", 0.0).number(Range.between(0, 1_000));
        int lengthFrom =
                section.optional("length_from", RewardTerms.NONE.lengthFrom()).integer(0, 1 << 24);
        int lengthTo =
                section.optional("length_to", RewardTerms.NONE.lengthTo()).integer(1, 1 << 24);
        return new RewardTerms(
                formatReward,
                RewardTerms.Form.valueOf(form.toUpperCase(Locale.ROOT).replace('-', '_')),
                formReward,
                lengthPenalty,
                lengthFrom,
                lengthTo);
    }
}
