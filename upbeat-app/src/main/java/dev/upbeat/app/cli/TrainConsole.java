package dev.upbeat.app.cli;

import dev.upbeat.train.Training;
import dev.upbeat.train.TrainingListener;
import dev.upbeat.train.config.TrainConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Terminal output of a training: a progress line, the evaluations, and a table at the end. */
final class TrainConsole implements TrainingListener, AutoCloseable {
    private static final String[] SUMMARY = {
        "reward",
        "frac_reward_zero_std",
        "loss",
        "eval/loss",
        "eval/accuracy",
        "entropy",
        "grad_norm",
        "completions/mean_length",
        "completions/clipped_ratio",
        "credit/gamma_mean",
        "time/step_s",
        "tokens_per_s"
    };

    /** Metric of one of several benchmarks. */
    private static final Pattern BENCHMARK = Pattern.compile("eval/([^/]+)/accuracy");

    /** Shortest time between two lines about evaluations and checkpoints, so that frequent ones do not fill a log. */
    private static final long STATUS_NANOS = 30_000_000_000L;

    private final CommonOptions common;
    private @Nullable Progress progress;
    private long begun;
    private long statusNanos = System.nanoTime() - STATUS_NANOS;
    private final Map<String, Double> first = new LinkedHashMap<>();
    private final Map<String, Double> last = new LinkedHashMap<>();

    TrainConsole(CommonOptions common) {
        this.common = common;
    }

    /** Says what is trained, on which data and where. */
    void announce(TrainConfig config, boolean resume) throws IOException {
        TrainingSummary.of(config, resume).forEach(common::remark);
    }

    @Override
    public void doing(String work) {
        boolean training = progress != null;
        if (!training || System.nanoTime() - statusNanos >= STATUS_NANOS) {
            common.status(work);
            statusNanos = training ? System.nanoTime() : statusNanos;
        }
    }

    @Override
    public void progressed(String work, double share) {
        Progress shown = progress;
        if (shown != null) {
            shown.between(String.format(Locale.ROOT, "%s %.0f %%", work, 100 * share));
        }
    }

    @Override
    public void began(long step, long steps) {
        begun = step;
        if (step < steps) {
            progress = common.progress("training", steps);
            progress.begin(step);
        }
    }

    @Override
    public void stepped(Map<String, ?> metrics) {
        metrics.forEach((name, value) -> {
            if (value instanceof Double number && Double.isFinite(number)) {
                first.putIfAbsent(name, number);
                last.put(name, number);
            }
        });
        String accuracies = accuracies(metrics);
        if (!accuracies.isEmpty()) {
            remark("step " + metrics.get("step") + ": held-out accuracy " + accuracies);
        }
        if (progress != null && metrics.get("step") instanceof Long step && step > begun) {
            progress.note(note(metrics));
            progress.advance(1);
        }
    }

    /**
     * The accuracy and those of the benchmarks: "39.2 % (aime24 10.7 %, math500 75.8 %)"; empty without an evaluation.
     */
    private static String accuracies(Map<String, ?> metrics) {
        List<String> parts = new ArrayList<>();
        metrics.forEach((name, value) -> {
            Matcher benchmark = BENCHMARK.matcher(name);
            if (benchmark.matches() && value instanceof Double accuracy) {
                parts.add(benchmark.group(1) + " " + percent(accuracy));
            }
        });
        String each = String.join(", ", parts);
        if (metrics.get("eval/accuracy") instanceof Double accuracy) {
            return percent(accuracy) + (each.isEmpty() ? "" : " (" + each + ")");
        }
        return each;
    }

    private static String note(Map<String, ?> metrics) {
        StringBuilder note = new StringBuilder();
        if (metrics.get("reward") instanceof Double reward
                && metrics.get("completions/mean_length") instanceof Double length) {
            note.append(String.format(Locale.ROOT, "reward %.3f, %d tokens", reward, Math.round(length)));
            if (metrics.get("completions/clipped_ratio") instanceof Double cut && cut > 0) {
                note.append(", ").append(percent(cut)).append(" cut off");
            }
        } else if (metrics.get("loss") instanceof Double loss) {
            note.append("loss ").append(String.format(Locale.ROOT, "%.3f", loss));
        }
        if (metrics.get("tokens_per_s") instanceof Double speed) {
            note.append(", ").append(Math.round(speed)).append(" tokens/s");
        }
        return note.toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Prints a line above the progress line. */
    private void remark(String text) {
        common.wipeStatus();
        common.remark(text);
    }

    @Override
    public void warn(String text) {
        common.wipeStatus();
        common.warn(text);
    }

    /** Prints first and last values, and the next steps. */
    void summarize(TrainConfig config, Training.Result result) {
        close();
        String steps = begun < result.steps() ? "steps " + (begun + 1) + " to " + result.steps() : "";
        common.out().printf(Locale.ROOT, "%-26s %12s %12s%n", steps, "first", "last");
        for (String name : SUMMARY) {
            print(name);
            if (name.equals("eval/accuracy")) {
                last.keySet().stream().filter(BENCHMARK.asMatchPredicate()).forEach(this::print);
            }
        }
        String done = result.steps() + " of " + config.optimizer().steps() + " steps";
        common.out()
                .println(
                        result.interrupted()
                                ? "stopped after " + done + ", saved in " + config.out() + "; continue with --resume"
                                : done + ", in " + config.out());
    }

    private void print(String name) {
        if (last.containsKey(name)) {
            common.out().printf(Locale.ROOT, "%-26s %12.4g %12.4g%n", name, first.get(name), last.get(name));
        }
    }

    /** Clears the progress line. */
    @Override
    public void close() {
        common.wipeStatus();
        progress = null;
    }
}
