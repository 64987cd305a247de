package dev.upbeat.observe;

import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.model.Packing;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.tensor.Workers;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * Traces that share a forward pass.
 *
 * @param indices indices of the traces in the caller's list, [B]
 * @param traces in the order of the packing, [B]; traces with the same prompt are consecutive
 * @param scaling rotary scaling of the model; with dynamic scaling a long trace shares its prompt only with traces of
 *     its own length
 */
public record TraceBatch(List<Integer> indices, List<Trace> traces, RopeScaling scaling) {
    /** Maximum number of slots of the padded batch per token of the budget. */
    private static final long SLOTS_PER_TOKEN = 4;

    /**
     * Splits traces into batches of at most {@code budget} tokens, in which a shared prompt counts once. A longer trace
     * is a batch of its own. Traces with the same prompt stay together if they fit, and traces of similar length share
     * a batch, because attention runs on a padded batch.
     */
    public static List<TraceBatch> cut(List<Trace> traces, int budget, RopeScaling scaling) {
        Map<SharedPrompt, List<Integer>> byPrompt = new LinkedHashMap<>();
        for (int i = 0; i < traces.size(); i++) {
            byPrompt.computeIfAbsent(SharedPrompt.of(traces.get(i), scaling), key -> new ArrayList<>())
                    .add(i);
        }
        Comparator<Integer> longestFirst =
                Comparator.comparingInt(i -> -traces.get(i).length());
        List<List<Integer>> groups = new ArrayList<>(byPrompt.values());
        groups.forEach(group -> group.sort(longestFirst));
        groups.sort(Comparator.comparing(group -> group.get(0), longestFirst));

        Cutter cutter = new Cutter(traces, budget, scaling);
        groups.forEach(cutter::add);
        cutter.close();
        return cutter.batches;
    }

    /**
     * Splits traces for parallel workers: the batches that run at the same time have at most {@code budget} tokens
     * together, and each worker gets the same number of batches of about the same size, as far as possible.
     */
    public static List<TraceBatch> cut(List<Trace> traces, int budget, RopeScaling scaling, Workers workers) {
        if (workers.count() == 1) {
            return cut(traces, budget, scaling);
        }
        long tokens = 0;
        Set<SharedPrompt> prompts = new HashSet<>();
        for (Trace trace : traces) {
            tokens += trace.responseIds().length;
            if (prompts.add(SharedPrompt.of(trace, scaling))) {
                tokens += trace.promptIds().length;
            }
        }
        long rounds = Math.max(1, (tokens + budget - 1) / budget);
        long each = rounds * workers.count();
        return cut(traces, (int) ((tokens + each - 1) / each), scaling);
    }

    /**
     * A prompt that several traces can share.
     *
     * @param ropeLength length that determines the rotary frequencies
     */
    private record SharedPrompt(List<Integer> ids, int ropeLength) {
        static SharedPrompt of(Trace trace, RopeScaling scaling) {
            return new SharedPrompt(
                    Arrays.stream(trace.promptIds()).boxed().toList(),
                    Math.max(scaling.lengthIndependentUpTo(), trace.length()));
        }
    }

    /** Fills one batch after the other. */
    private static final class Cutter {
        private final List<Trace> traces;
        private final int budget;
        private final RopeScaling scaling;
        private final List<TraceBatch> batches = new ArrayList<>();
        private final List<Integer> open = new ArrayList<>();
        private int used;
        private int longest;

        Cutter(List<Trace> traces, int budget, RopeScaling scaling) {
            this.traces = traces;
            this.budget = budget;
            this.scaling = scaling;
        }

        /** Traces that share a prompt. */
        void add(List<Integer> group) {
            int prompt = traces.get(group.get(0)).promptIds().length;
            int whole = prompt
                    + group.stream()
                            .mapToInt(i -> traces.get(i).responseIds().length)
                            .sum();
            if (whole <= budget && used + whole > budget) {
                close();
            }
            boolean promptCounted = false;
            for (int i : group) {
                int length = traces.get(i).length();
                int more = promptCounted ? length - prompt : length;
                if (used + more > budget || (open.size() + 1L) * Math.max(longest, length) > SLOTS_PER_TOKEN * budget) {
                    close();
                    more = length;
                }
                open.add(i);
                used += more;
                longest = Math.max(longest, length);
                promptCounted = true;
            }
        }

        void close() {
            if (!open.isEmpty()) {
                batches.add(new TraceBatch(
                        List.copyOf(open), open.stream().map(traces::get).toList(), scaling));
                open.clear();
            }
            used = 0;
            longest = 0;
        }
    }

    int size() {
        return traces.size();
    }

    /** N, the length of the padded batch. */
    int longest() {
        return traces.stream().mapToInt(Trace::length).max().orElseThrow();
    }

    /** @param includeLast whether the last tokens of the responses are packed too */
    public Packing packing(boolean includeLast) {
        return new Packing(
                traces.stream().map(Trace::promptIds).toList(),
                traces.stream().map(Trace::responseIds).toList(),
                includeLast,
                scaling.lengthIndependentUpTo());
    }

    /** Temperature of each trace, [B]. */
    public float[] temperatures() {
        float[] temperatures = new float[traces.size()];
        for (int i = 0; i < temperatures.length; i++) {
            temperatures[i] = (float) traces.get(i).temperature();
        }
        return temperatures;
    }

    /** 1 for each row t + shift with a response position t, else 0: f32, [B, N]. */
    Tensor responseRows(int shift) {
        int n = longest();
        float[] rows = new float[size() * n];
        for (int b = 0; b < size(); b++) {
            Trace trace = traces.get(b);
            for (int t = trace.promptIds().length; t < trace.length(); t++) {
                rows[b * n + t + shift] = 1;
            }
        }
        return Tensors.of(rows, size(), n);
    }
}
