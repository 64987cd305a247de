package dev.upbeat.learn;

import dev.upbeat.model.Packing;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Traces that go through one forward and backward pass together.
 *
 * @param indices places of the traces in the caller's list
 * @param traces in the order of the packing; those of one prompt are neighbours
 */
record MicroBatch(List<Integer> indices, List<Trace> traces) {
    /**
     * Cuts traces into micro-batches of at most {@code budget} tokens, a shared prompt counted once; a longer trace is one of
     * its own. Traces of one prompt stay together where they fit, and similar lengths meet: attention pads.
     */
    static List<MicroBatch> cut(List<Trace> traces, int budget) {
        Map<List<Integer>, List<Integer>> byPrompt = new LinkedHashMap<>();
        for (int i = 0; i < traces.size(); i++) {
            List<Integer> prompt =
                    Arrays.stream(traces.get(i).promptIds()).boxed().toList();
            byPrompt.computeIfAbsent(prompt, key -> new ArrayList<>()).add(i);
        }
        Comparator<Integer> longestFirst =
                Comparator.comparingInt(i -> -traces.get(i).length());
        List<List<Integer>> groups = new ArrayList<>(byPrompt.values());
        groups.forEach(group -> group.sort(longestFirst));
        groups.sort(Comparator.comparing(group -> group.get(0), longestFirst));

        List<MicroBatch> batches = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        int used = 0;
        for (List<Integer> group : groups) {
            int prompt = traces.get(group.get(0)).promptIds().length;
            int responses = group.stream()
                    .mapToInt(i -> traces.get(i).responseIds().length)
                    .sum();
            boolean fitsWhole = prompt + responses <= budget;
            boolean held = false;
            if (fitsWhole && used + prompt + responses > budget) {
                close(open, traces, batches);
                used = 0;
            }
            for (int i : group) {
                int more = traces.get(i).responseIds().length + (held ? 0 : prompt);
                if (!open.isEmpty() && used + more > budget) {
                    close(open, traces, batches);
                    used = 0;
                    more = traces.get(i).length();
                }
                open.add(i);
                used += more;
                held = true;
            }
        }
        close(open, traces, batches);
        return batches;
    }

    private static void close(List<Integer> open, List<Trace> traces, List<MicroBatch> batches) {
        if (!open.isEmpty()) {
            batches.add(new MicroBatch(
                    List.copyOf(open), open.stream().map(traces::get).toList()));
            open.clear();
        }
    }

    Packing packing() {
        return new Packing(
                traces.stream().map(Trace::promptIds).toList(),
                traces.stream().map(Trace::responseIds).toList());
    }

    /** Temperature of each trace. */
    float[] temperatures() {
        float[] temperatures = new float[traces.size()];
        for (int i = 0; i < temperatures.length; i++) {
            temperatures[i] = (float) traces.get(i).temperature();
        }
        return temperatures;
    }
}
