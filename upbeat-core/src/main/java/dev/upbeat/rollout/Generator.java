package dev.upbeat.rollout;

import dev.upbeat.model.Decoder;
import dev.upbeat.model.KvCache;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.tensor.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.AutoGradMode;

/** Writes responses to prompts, batch by batch, with a key/value cache. */
public final class Generator {
    /** Most tokens in the cache of a batch. */
    private static final long CACHE_TOKENS = 1L << 16;

    /** Tokens of prompts that run together: enough to fill matrix kernels, few enough to stay in a CPU's cache. */
    private static final int PREFILL_TOKENS = 2048;

    /** Default number of sequences decoded together: more gain little on a few cores. */
    public static final int DEFAULT_BATCH = 32;

    private final Decoder decoder;
    private final int batchSize;

    /** @param batchSize the most prompts that are decoded together */
    public Generator(Decoder decoder, int batchSize) {
        this.decoder = decoder;
        this.batchSize = batchSize;
    }

    /** Receives each token as it is drawn: one call at a time, from any thread. */
    @FunctionalInterface
    public interface Listener {
        /** @param prompt number of the prompt in the list */
        void drawn(int prompt, int id);
    }

    public List<Response> generate(List<int[]> prompts, Sampling sampling) {
        return generate(prompts, sampling, (prompt, id) -> {});
    }

    /**
     * @param prompts token ids, each [P] with P >= 1
     * @return a response a prompt, in the prompts' order
     */
    public List<Response> generate(List<int[]> prompts, Sampling sampling, Listener listener) {
        for (int i = 0; i < prompts.size(); i++) {
            decoder.config().requireRoom(prompts.get(i), "prompt " + i);
        }
        // Prompts of similar length share a batch; the result keeps the caller's order.
        List<Integer> byLength = IntStream.range(0, prompts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                .toList();
        Response[] responses = new Response[prompts.size()];
        Workers workers = decoder.workers();
        List<int[]> batches = new ArrayList<>();
        for (int start = 0; start < byLength.size(); ) {
            int end = batchEnd(byLength, prompts, start, sampling);
            batches.addAll(RowParts.of(byLength.subList(start, end), workers.count(), prompts::get));
            start = end;
        }
        Decoding decoding = new Decoding(decoder, sampling, oneAtATime(listener), responses);
        workers.run(batches.size(), i -> {
            try (AutoGradMode noGrad = new AutoGradMode(false)) {
                generateBatch(batches.get(i), prompts, decoding);
            }
        });
        return List.of(responses);
    }

    private static Listener oneAtATime(Listener listener) {
        return (prompt, id) -> {
            synchronized (listener) {
                listener.drawn(prompt, id);
            }
        };
    }

    /** As many of the sorted prompts as fit in a batch and in the cache's budget, at least one. */
    private int batchEnd(List<Integer> byLength, List<int[]> prompts, int start, Sampling sampling) {
        int end = start + 1;
        while (end < byLength.size() && end - start < batchSize) {
            long slots = (end + 1L - start) * (prompts.get(byLength.get(end)).length + (long) sampling.maxNewTokens());
            if (slots > CACHE_TOKENS) {
                break;
            }
            end++;
        }
        return end;
    }

    private void generateBatch(int[] rows, List<int[]> prompts, Decoding decoding) {
        // The first step runs each prompt's last token.
        int[] before =
                Arrays.stream(rows).map(row -> prompts.get(row).length - 1).toArray();
        List<Decoding.Draft> drafts = new ArrayList<>();
        for (int row : rows) {
            int most = TokenBudget.most(prompts.get(row), decoding.sampling(), decoder.config());
            drafts.add(new Decoding.Draft(row, most));
        }
        try (KvCache cache = new KvCache(decoder.config(), before)) {
            prefill(rows, prompts, cache);
            long[] last = Arrays.stream(rows)
                    .mapToLong(row -> prompts.get(row)[prompts.get(row).length - 1])
                    .toArray();
            decoding.run(cache, last, drafts);
        }
    }

    /**
     * Continues one beginning in several ways, each after a given token. The beginning is run once, and decoding keeps one
     * copy of its keys and values.
     *
     * @param beginning token ids
     * @param sampling without its most new tokens, because each fork has its own
     * @return the continuation after each fork's token, in the forks' order; empty after a token that ends a response
     */
    public List<Response> continuations(int[] beginning, List<Fork> forks, Sampling sampling, Listener listener) {
        decoder.config().requireKnown(beginning, "the beginning:");
        Response[] responses = new Response[forks.size()];
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < forks.size(); i++) {
            Fork fork = forks.get(i);
            fork.requireFits(beginning.length, decoder.config());
            boolean stopped = sampling.stopIds().contains(fork.id());
            if (stopped || fork.most() == 0) {
                responses[i] = new Response(new int[0], new float[0], stopped);
            } else {
                open.add(i);
            }
        }
        Decoding decoding = new Decoding(decoder, sampling, oneAtATime(listener), responses);
        // With dynamic rotary scaling, the rotation of a long beginning depends on its length, so forks of
        // other lengths run it again.
        int lengthIndependentUpTo = decoder.config().ropeScaling().lengthIndependentUpTo();
        open.stream()
                .collect(Collectors.groupingBy(
                        i -> Math.max(lengthIndependentUpTo, forks.get(i).length() + 1)))
                .values()
                .forEach(alike -> continuations(beginning, forks, alike, decoding));
        return List.of(responses);
    }

    /** Continues the forks of some numbers after one run of their beginning. */
    private void continuations(int[] beginning, List<Fork> forks, List<Integer> open, Decoding decoding) {
        int longest = open.stream().mapToInt(i -> forks.get(i).length()).max().orElseThrow();
        long[] ids = Arrays.stream(beginning, 0, longest).asLongStream().toArray();
        try (AutoGradMode noGrad = new AutoGradMode(false);
                KvCache shared = new KvCache(decoder.config(), new int[] {longest})) {
            Scoped.run(() -> decoder.prefill(Tensors.of(ids, 1, longest), new int[] {1}, shared, 0));
            Workers workers = decoder.workers();
            List<int[]> batches = new ArrayList<>();
            for (int start = 0; start < open.size(); start += batchSize) {
                List<Integer> batch = open.subList(start, Math.min(open.size(), start + batchSize));
                batches.addAll(RowParts.of(batch, workers.count()));
            }
            workers.run(batches.size(), i -> continueBatch(batches.get(i), forks, shared, decoding));
        }
    }

    private void continueBatch(int[] batch, List<Fork> forks, KvCache shared, Decoding decoding) {
        int[] lengths = Arrays.stream(batch).map(i -> forks.get(i).length()).toArray();
        long[] forced = Arrays.stream(batch).mapToLong(i -> forks.get(i).id()).toArray();
        List<Decoding.Draft> drafts = Arrays.stream(batch)
                .mapToObj(i -> new Decoding.Draft(i, forks.get(i).most()))
                .toList();
        try (AutoGradMode noGrad = new AutoGradMode(false);
                KvCache cache = shared.fork(0, lengths)) {
            decoding.run(cache, forced, drafts);
        }
    }

    /** Runs the prompts without their last tokens, a few at a time; equal neighbours once. */
    private void prefill(int[] rows, List<int[]> prompts, KvCache cache) {
        List<int[]> distinct = new ArrayList<>();
        List<Integer> copies = new ArrayList<>();
        for (int row : rows) {
            int latest = distinct.size() - 1;
            if (latest >= 0 && Arrays.equals(distinct.get(latest), prompts.get(row))) {
                copies.set(latest, copies.get(latest) + 1);
            } else {
                distinct.add(prompts.get(row));
                copies.add(1);
            }
        }
        int row = 0;
        for (int start = 0; start < distinct.size(); ) {
            int end = start + 1;
            // The prompts are sorted by length, so the last of a chunk is its longest.
            while (end < distinct.size() && (end + 1L - start) * distinct.get(end).length <= PREFILL_TOKENS) {
                end++;
            }
            int[] times = copies.subList(start, end).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            prefill(distinct.subList(start, end), times, cache, row);
            row += Arrays.stream(times).sum();
            start = end;
        }
    }

    private void prefill(List<int[]> prompts, int[] copies, KvCache cache, int firstRow) {
        int longest = prompts.get(prompts.size() - 1).length - 1;
        if (longest == 0) {
            return;
        }
        long[] ids = new long[prompts.size() * longest];
        for (int b = 0; b < prompts.size(); b++) {
            int[] prompt = prompts.get(b);
            for (int t = 0; t < prompt.length - 1; t++) {
                ids[b * longest + t] = prompt[t];
            }
        }
        Scoped.run(() -> decoder.prefill(Tensors.of(ids, prompts.size(), longest), copies, cache, firstRow));
    }
}
