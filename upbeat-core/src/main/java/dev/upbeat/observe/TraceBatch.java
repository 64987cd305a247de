package dev.upbeat.observe;

import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Traces of similar length that go through a forward pass together, padded on the right.
 *
 * @param indices places of the traces in the caller's list, [B]
 * @param traces [B]
 */
record TraceBatch(List<Integer> indices, List<Trace> traces) {
    /**
     * Cuts traces, sorted by length, into batches of at most {@code budget} tokens, padding included; a longer trace is a
     * batch of its own.
     */
    static List<TraceBatch> cut(List<Trace> traces, int budget) {
        List<Integer> byLength = IntStream.range(0, traces.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> traces.get(i).length())
                        .reversed())
                .toList();
        List<TraceBatch> batches = new ArrayList<>();
        int start = 0;
        while (start < byLength.size()) {
            int longest = traces.get(byLength.get(start)).length();
            int end = Math.min(byLength.size(), start + Math.max(1, budget / longest));
            List<Integer> indices = byLength.subList(start, end);
            batches.add(
                    new TraceBatch(indices, indices.stream().map(traces::get).toList()));
            start = end;
        }
        return batches;
    }

    int size() {
        return traces.size();
    }

    /** Length N of the padded batch. */
    int longest() {
        return traces.stream().mapToInt(Trace::length).max().orElseThrow();
    }

    /** Token ids, padded with 0: int64, [B, N]. */
    Tensor ids() {
        int n = longest();
        long[] ids = new long[size() * n];
        for (int b = 0; b < size(); b++) {
            int[] row = traces.get(b).ids();
            for (int t = 0; t < row.length; t++) {
                ids[b * n + t] = row[t];
            }
        }
        return Tensors.of(ids, size(), n);
    }

    /** 1 where a row, moved by {@code shift}, is a response position, else 0: f32, [B, N]. */
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
