package dev.upbeat.app.cli;

import dev.upbeat.eval.Accuracy;
import dev.upbeat.eval.Answer;
import dev.upbeat.eval.Evaluation;
import dev.upbeat.rollout.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** An evaluation as JSON, and as lines for a terminal. */
final class EvalSummary {
    private final Evaluation.Result result;
    private final Sampling sampling;
    private final List<Answer> answers;

    EvalSummary(Evaluation.Result result, Sampling sampling) {
        this.result = result;
        this.sampling = sampling;
        this.answers = result.problems().stream()
                .flatMap(problem -> problem.answers().stream())
                .toList();
    }

    /** Figures by name; shares are from 0 to 1. */
    Map<String, Object> json() {
        Accuracy accuracy = result.accuracy();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("problems", accuracy.problems());
        json.put("samples", accuracy.samples());
        json.put("temperature", sampling.temperature());
        json.put("accuracy", accuracy.mean());
        json.put("low", accuracy.interval().low());
        json.put("high", accuracy.interval().high());
        json.put("interval", accuracy.method().name().toLowerCase(Locale.ROOT));
        json.put("pass_at", accuracy.passAt());
        json.put("mean_reward", mean(answer -> answer.score().reward()));
        json.put("mean_tokens", mean(Answer::tokens));
        json.put("cut_off_share", mean(answer -> answer.stopped() ? 0 : 1));
        return json;
    }

    /** The same for a reader, label and value in columns. */
    List<String> table() {
        Accuracy accuracy = result.accuracy();
        List<String> lines = new ArrayList<>();
        String drawn = sampling.temperature() == 0 ? "greedy" : "T = " + sampling.temperature();
        lines.add(line(
                "problems",
                accuracy.problems() + ", " + accuracy.samples() + " answer" + (accuracy.samples() == 1 ? "" : "s")
                        + " each, " + drawn));
        lines.add(line(
                accuracy.samples() == 1 ? "accuracy" : "avg@" + accuracy.samples(),
                String.format(
                        Locale.ROOT,
                        "%.1f %%, 95 %% interval %.1f to %.1f (%s)",
                        100 * accuracy.mean(),
                        100 * accuracy.interval().low(),
                        100 * accuracy.interval().high(),
                        accuracy.method() == Accuracy.Method.WILSON ? "Wilson" : "bootstrap over problems")));
        accuracy.passAt().forEach((k, pass) -> {
            if (accuracy.samples() > 1) {
                lines.add(line("pass@" + k, String.format(Locale.ROOT, "%.1f %%", 100 * pass)));
            }
        });
        lines.add(line(
                "answers",
                String.format(
                        Locale.ROOT,
                        "%.1f tokens on average, %.1f %% cut off at %d tokens",
                        mean(Answer::tokens),
                        100 * mean(answer -> answer.stopped() ? 0 : 1),
                        sampling.maxNewTokens())));
        return lines;
    }

    private static String line(String label, String value) {
        return String.format(Locale.ROOT, "  %-10s %s", label, value);
    }

    private double mean(ToDoubleFunction<Answer> figure) {
        return answers.stream().mapToDouble(figure).average().orElseThrow();
    }
}
