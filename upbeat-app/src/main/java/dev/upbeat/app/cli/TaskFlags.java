package dev.upbeat.app.cli;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.PuzzleOptions;
import dev.upbeat.task.RewardTerms;
import dev.upbeat.task.TaskOptions;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.Service;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the task and the terms of its reward. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class TaskFlags {
    private static final String RANGE = "[0-9]{1,8}:[0-9]{1,8}";

    @Option(names = "--task", paramLabel = "NAME", required = true, description = "One of the names above.")
    private String name = "";

    @Option(
            names = "--class",
            paramLabel = "NAME",
            description = "class: a dev.upbeat.task.Task on the class path (UPBEAT_CLASSPATH).")
    private @Nullable String className;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "endpoint: address of the service that judges responses (docs/tasks.md describes the "
                    + "requests).")
    private @Nullable String endpoint;

    @Option(
            names = "--endpoint-timeout",
            paramLabel = "S",
            description = "endpoint: time limit of one request, in seconds (default: " + ""
                    + EndpointSettings.TIMEOUT_SECONDS + ").")
    private @Nullable Integer timeout;

    @Option(
            names = "--endpoint-retries",
            paramLabel = "N",
            description = "endpoint: retries of a failed request, with growing pauses (default: " + ""
                    + EndpointSettings.RETRIES + ").")
    private @Nullable Integer retries;

    @Option(
            names = "--endpoint-concurrency",
            paramLabel = "N",
            description = "endpoint: number of concurrent requests (default: " + EndpointSettings.CONCURRENCY + ").")
    private @Nullable Integer concurrency;

    @Option(
            names = "--format-reward",
            paramLabel = "X",
            defaultValue = "0",
            description = "Reward of a wrong answer in a place that marks it, such as a box (default: 0).")
    private double formatReward;

    @Option(
            names = "--form",
            paramLabel = "think|think-answer|boxed",
            defaultValue = "none",
            description = "Response format that earns --form-reward.")
    private String form = "none";

    @Option(
            names = "--form-reward",
            paramLabel = "X",
            defaultValue = "0",
            description = "Reward added to a response that has the --form (default: 0).")
    private double formReward;

    @Option(
            names = "--length-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "Reward subtracted from a response longer than --length (default: 0).")
    private double lengthPenalty;

    @Option(
            names = "--length",
            paramLabel = "FROM:TO",
            description = "Response lengths, in characters, between which the penalty grows from 0 to its full "
                    + "value (default: 2000:4000).")
    private @Nullable String length;

    String name() {
        return name;
    }

    /**
     * @param prompt wording of questions; null for rows' own prompts and the task's usual one
     * @throws BadInputException if an option cannot be used, or would do nothing
     */
    TaskOptions options(@Nullable String prompt, PuzzleOptions puzzles) {
        if (!TaskOptions.NAMES.contains(name)) {
            return TaskOptions.of(name); // rejects it
        }
        requireFor(TaskOptions.CLASS, "--class", className);
        requireFor(TaskOptions.ENDPOINT, "--endpoint", endpoint);
        refuseBut(TaskOptions.ENDPOINT, "--endpoint-timeout", timeout);
        refuseBut(TaskOptions.ENDPOINT, "--endpoint-retries", retries);
        refuseBut(TaskOptions.ENDPOINT, "--endpoint-concurrency", concurrency);
        return new TaskOptions(name, prompt, className, endpoint == null ? null : settings(endpoint), puzzles, terms());
    }

    private EndpointSettings settings(String url) {
        return EndpointSettings.of(
                Service.REWARD,
                url,
                timeout == null ? EndpointSettings.TIMEOUT_SECONDS : timeout,
                retries == null ? EndpointSettings.RETRIES : retries,
                concurrency == null ? EndpointSettings.CONCURRENCY : concurrency);
    }

    private void requireFor(String task, String option, @Nullable Object value) {
        if (name.equals(task) && value == null) {
            throw new BadInputException("--task " + task + " needs " + option);
        }
        refuseBut(task, option, value);
    }

    private void refuseBut(String task, String option, @Nullable Object value) {
        if (!name.equals(task) && value != null) {
            throw new BadInputException(
                    option + " applies only to --task " + task + "; leave it out, or choose that task");
        }
    }

    private RewardTerms terms() {
        RewardTerms.Form asked = form(form);
        if ((asked == RewardTerms.Form.NONE) != (formReward == 0)) {
            throw new BadInputException("--form and --form-reward need each other; give both, or neither");
        }
        if (length != null && lengthPenalty == 0) {
            throw new BadInputException(
                    "--length has no effect without --length-penalty; give both, or leave --length out");
        }
        int[] range = range(length);
        return new RewardTerms(formatReward, asked, formReward, lengthPenalty, range[0], range[1]);
    }

    private static RewardTerms.Form form(String name) {
        for (RewardTerms.Form form : RewardTerms.Form.values()) {
            if (form.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
                return form;
            }
        }
        throw new BadInputException("--form " + name + ": expected think, think-answer or boxed");
    }

    private static int[] range(@Nullable String given) {
        if (given == null) {
            return new int[] {RewardTerms.NONE.lengthFrom(), RewardTerms.NONE.lengthTo()};
        }
        if (!given.matches(RANGE)) {
            throw new BadInputException(
                    "--length " + given + ": expected two numbers of characters, such as 2000:4000");
        }
        String[] ends = given.split(":");
        return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[1])};
    }

    /** Records the options that differ from their defaults. */
    void record(Map<String, Object> config) {
        config.put("task", name);
        put(config, "class", className, null);
        put(config, "endpoint", endpoint, null);
        put(config, "format_reward", formatReward, 0.0);
        put(config, "form", form, "none");
        put(config, "form_reward", formReward, 0.0);
        put(config, "length_penalty", lengthPenalty, 0.0);
        put(config, "length", length, null);
    }

    private static void put(Map<String, Object> config, String key, @Nullable Object value, @Nullable Object usual) {
        if (value != null && !value.equals(usual)) {
            config.put(key, value);
        }
    }
}
