package dev.upbeat.app.bench;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ProcessMemory;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.SamplingWeights;
import dev.upbeat.series.Median;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tensor.MachinePeak;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Times whole passes on random ids of fixed length, so that other programs can be given the same work. The first run of
 * each is not counted; results are medians.
 */
public final class Benchmarks {
    private final String name;
    private final Upbeat model;
    private final int runs;

    /**
     * @param name name that the user gave the model
     * @param runs timed runs, after a warm-up
     */
    public Benchmarks(String name, Upbeat model, int runs) {
        this.name = name;
        this.model = model;
        this.runs = runs;
    }

    /**
     * One forward pass with log-prob and entropy of every token except the first.
     *
     * @throws BadInputException if it cannot fit the machine's memory
     */
    public Map<String, Object> forward(int tokens) {
        MemoryNeed.requirePass("--tokens " + tokens, model.config(), tokens);
        List<Trace> traces = List.of(randomTrace(tokens));
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            seconds.add(time(() -> Observer.score(model.decoder(), traces)));
        }
        Map<String, Object> result = context();
        result.put("tokens", tokens);
        result.put("forward_s", median(seconds));
        return finished(result, median(seconds), atPeak -> atPeak.forward(1, tokens));
    }

    /**
     * The same pass without the rhythm, with it, and with it and further columns if there are any, alternating.
     *
     * @throws BadInputException if it cannot fit the machine's memory
     */
    public Map<String, Object> observe(int tokens, RhythmOptions options) {
        MemoryNeed.requirePass("--tokens " + tokens, model.config(), tokens);
        List<Trace> traces = List.of(randomTrace(tokens));
        Observer observer = new Observer(model.decoder(), options.with(RhythmOptions.Extras.NONE)).beyondContext();
        Observer further = new Observer(model.decoder(), options).beyondContext();
        Set<String> columns = options.extras().columns();
        List<Double> forward = new ArrayList<>();
        List<Double> observe = new ArrayList<>();
        List<Double> observeFurther = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            forward.add(time(() -> Observer.score(model.decoder(), traces)));
            observe.add(time(() -> observer.observe(traces)));
            if (!columns.isEmpty()) {
                observeFurther.add(time(() -> further.observe(traces)));
            }
        }
        Map<String, Object> result = context();
        result.put("tokens", tokens);
        result.put("layers", options.layers());
        result.put("horizon", options.settings().horizon().toString());
        result.put("receivers", options.receivers());
        result.put("weights", options.settings().weights().toString());
        result.put("forward_s", median(forward));
        result.put("observe_s", median(observe));
        result.put("ratio", median(observe) / median(forward));
        if (!columns.isEmpty()) {
            result.put("columns", new TreeSet<>(columns));
            result.put("columns_s", median(observeFurther));
            result.put("columns_ratio", median(observeFurther) / median(observe));
        }
        return finished(
                result, median(observe), atPeak -> atPeak.observe(1, tokens, options.layers(), options.settings()));
    }

    /**
     * Sampling at temperature 1 with a fixed number of new tokens; the time includes the prompts.
     *
     * @throws BadInputException if prompts and responses cannot fit the heap
     */
    public Map<String, Object> decode(int batch, int promptTokens, int newTokens, SamplingWeights weights) {
        MemoryNeed.requireResponses("--batch " + batch, batch, promptTokens, newTokens, 0);
        List<int[]> prompts = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            prompts.add(randomIds(promptTokens, b));
        }
        Sampling sampling = new Sampling(newTokens, 1, 0, 1, 0, Set.of(), weights);
        Generator generator = new Generator(model.decoder(), batch);
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            seconds.add(time(() -> generator.generate(prompts, sampling)));
        }
        Map<String, Object> result = context();
        result.put("batch", batch);
        result.put("prompt_tokens", promptTokens);
        result.put("new_tokens", newTokens);
        result.put("rollout_weights", weights.toString());
        result.put("decode_s", median(seconds));
        result.put("tokens_per_s", batch * (double) newTokens / median(seconds));
        return finished(result, median(seconds), atPeak -> atPeak.decode(batch, promptTokens, newTokens, batch));
    }

    private Map<String, Object> context() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", name);
        result.put("dtype", model.decoder().dtype().toString());
        result.put("threads", Libtorch.threads());
        result.put("runs", runs);
        return result;
    }

    /** Adds memory, and then the share of the machine's peak, whose measurement needs memory too. */
    private Map<String, Object> finished(
            Map<String, Object> result, double seconds, ToDoubleFunction<TimeAtPeak> atPeak) {
        result.put("peak_rss_mb", ProcessMemory.peakMegabytes());
        TimeAtPeak ideal = new TimeAtPeak(model.config(), model.decoder().dtype(), MachinePeak.measure());
        result.put("share_of_peak", atPeak.applyAsDouble(ideal) / seconds);
        return result;
    }

    private Trace randomTrace(int tokens) {
        int[] ids = randomIds(tokens, 0);
        int[] response = Arrays.copyOfRange(ids, 1, tokens);
        return new Trace("random", Arrays.copyOf(ids, 1), response, BenchTexts.of(response.length), 1, null);
    }

    private int[] randomIds(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> random.nextInt(model.config().vocabulary()));
        return ids;
    }

    private static double time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Median without the first run, the warm-up. */
    private static double median(List<Double> seconds) {
        return Median.of(seconds.stream().skip(1).mapToDouble(Double::doubleValue));
    }
}
