package dev.upbeat.app.report;

import dev.upbeat.eval.Accuracy;
import dev.upbeat.eval.BenchmarkMetrics;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunRow;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.store.TrainingRun;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A made-up training as the project's own writer leaves it: rewards rise and responses shorten; of some steps traces were
 * kept, two prompts of four responses, the same prompts each time. Nothing here was trained.
 */
final class DemoTraining {
    static final List<Integer> KEPT = List.of(1, 25, 50);
    static final int STEPS = 50;

    private static final int GROUP = 4;

    private DemoTraining() {}

    /** @param speed at which it learns, 1 for usual */
    static Path write(Path directory, String strategy, double speed, long seed) throws IOException {
        return write(directory, strategy, speed, seed, List.of());
    }

    /** @param benchmarks that are evaluated every five steps */
    static Path write(Path directory, String strategy, double speed, long seed, List<String> benchmarks)
            throws IOException {
        Map<String, Object> config = config(strategy, STEPS);
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash("countdown", "ab".repeat(32)), null, config, seed, "2.10.0", 2, "products f32", List.of());
        try (TrainingRun run = TrainingRun.begin(TrainingRun.reserve(directory), config, provenance)) {
            Random random = new Random(seed);
            for (int step = 0; step <= STEPS; step++) {
                Map<String, Object> line = metrics(step, strategy, speed, random);
                if (step % 5 == 0 && !benchmarks.isEmpty()) {
                    line.putAll(accuracies(benchmarks, step, speed, random));
                }
                run.metrics().append(line);
                if (KEPT.contains(step)) {
                    run.traces(step, traces(step, strategy));
                }
            }
            run.heads(DemoReport.heads(seed));
        }
        return directory;
    }

    static Map<String, Object> config(String strategy, int steps) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("kind", "grpo");
        config.put("task", Map.of("name", "countdown"));
        config.put("credit", Map.of("strategy", strategy));
        config.put("learn", Map.of("steps", steps));
        return config;
    }

    /** Writes a step of a run. */
    static void step(TrainingRun run, int step, String strategy, boolean withTraces) throws IOException {
        if (withTraces) {
            run.traces(step, traces(step, strategy));
            run.heads(DemoReport.heads(0));
        }
        run.metrics().append(metrics(step, strategy, 1, new Random(step)));
    }

    private static Map<String, Object> metrics(int step, String strategy, double speed, Random random) {
        double learnt = 1 - Math.exp(-speed * step / 25.0);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", (long) step);
        if (step > 0) { // before the first step there is only the evaluation
            line.put("reward", 0.42 + 0.3 * learnt + 0.04 * random.nextGaussian());
            line.put("reward_std", 0.31);
            line.put("loss", 0.002 * random.nextGaussian());
            line.put("kl", Double.NaN);
            line.put("entropy", 0.62 - 0.25 * learnt + 0.02 * random.nextGaussian());
            line.put("grad_norm", 0.8 + 0.2 * Math.abs(random.nextGaussian()));
            line.put("learning_rate", 1e-4);
            line.put("clip_ratio/region_mean", Math.max(0, 0.01 + 0.004 * random.nextGaussian()));
            line.put("completions/mean_length", 78 - 12 * learnt + 2 * random.nextGaussian());
            line.put("credit/gamma_mean", strategy.equals("uniform") ? 1 : 1.19 + 0.005 * random.nextGaussian());
            line.put("time/step_s", 2.1 + 0.1 * random.nextGaussian());
        }
        if (step % 25 == 0) {
            line.put("eval/accuracy", 0.41 + 0.28 * learnt);
        }
        return line;
    }

    private static Map<String, Double> accuracies(List<String> benchmarks, int step, double speed, Random random) {
        Map<String, Accuracy> accuracies = new LinkedHashMap<>();
        for (int i = 0; i < benchmarks.size(); i++) {
            int[] right = new int[30 + 20 * i];
            double accuracy = 0.1 + 0.15 * i + 0.2 * (1 - Math.exp(-speed * step / 25.0));
            Arrays.setAll(right, problem -> random.nextDouble() < accuracy ? 1 : 0);
            accuracies.put(benchmarks.get(i), Accuracy.of(right, 1, 0));
        }
        return BenchmarkMetrics.of(accuracies, true);
    }

    private static List<RunRow> traces(int step, String strategy) {
        List<RunRow> placed = new ArrayList<>();
        for (int prompt = 0; prompt < 2; prompt++) {
            for (int sample = 0; sample < GROUP; sample++) {
                boolean right = sample < (step > 25 ? 3 : 1);
                List<String> tokens = DemoText.response(prompt + sample);
                ReportRow row = DemoReport.row(
                        "train-" + prompt,
                        DemoText.prompt(prompt),
                        tokens,
                        right ? 1.0 : 0.0,
                        step + 10L * sample,
                        false);
                double advantage = (right ? 1 : 0) - (step > 25 ? 0.75 : 0.25);
                Trace drawn = row.trace();
                Trace trace = new Trace(
                        "step-" + step + "/" + prompt + "/" + sample,
                        drawn.promptIds(),
                        drawn.responseIds(),
                        tokens,
                        1,
                        drawn.reward());
                placed.add(new RunRow(
                        trace,
                        row.promptTokens(),
                        withGamma(row.observation(), strategy),
                        new TrainingPlace(step, prompt, sample, advantage)));
            }
        }
        return placed;
    }

    private static Observation withGamma(Observation seen, String strategy) {
        float[] gamma = new float[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            boolean anchor = !strategy.equals("uniform") && seen.fai()[t] > 0.015;
            gamma[t] = anchor ? (seen.waad()[t] > 2.5 ? 1.5f : 1.25f) : 1;
        }
        return new Observation(
                seen.logProbs(),
                seen.entropyNats(),
                seen.waad(),
                seen.fai(),
                seen.receiverFai(),
                null,
                null,
                Map.of("gamma", gamma));
    }
}
