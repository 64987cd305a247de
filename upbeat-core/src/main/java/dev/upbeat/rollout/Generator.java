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

/** Generates responses to prompts, in batches, with a KV cache. */
public final class Generator {
    /** Maximum number of tokens in the cache of a batch. */
    private static final long CACHE_TOKENS = 1L << 16;

    /** Number of prompt tokens of a prefill: enough for efficient matrix products, few enough for a CPU's cache. */
    private static final int PREFILL_TOKENS = 2048;

    /** Default batch size: larger batches are hardly faster on a few cores. */
    public static final int DEFAULT_BATCH = 32;

    private final Decoder decoder;
    private final int batchSize;

    /** @param batchSize maximum number of prompts decoded together */
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
     * Generates one response to each prompt.
     *
     * @param prompts token ids, each [P] with P >= 1
     * @return one response per prompt, in the order of the prompts
     */
    public List<Response> generate(List<int[]> prompts, Sampling sampling, Listener listener) {
        if (sampling.weights() == SamplingWeights.INT8) {
            try (Decoder rounded = decoder.rounded()) {
                return new Generator(rounded, batchSize)
                        .generate(prompts, sampling.with(SamplingWeights.EXACT), listener);
            }
        }
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
            batches.addAll(BatchSplit.of(byLength.subList(start, end), workers.count(), prompts::get));
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

    /** End of the longest batch from {@code start} that fits the batch size and the cache, at least one prompt. */
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
        // The last token of each prompt is the input of the first step.
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
     * Generates several continuations of a prefix, each after a given token. The prefix runs once, and its keys and
     * values are shared.
     *
     * @param prefix token ids
     * @param sampling its maximum number of new tokens is ignored, because each fork has its own
     * @return the tokens after each fork's token, in the order of the forks; empty after a stop token
     */
    public List<Response> continuations(int[] prefix, List<Fork> forks, Sampling sampling, Listener listener) {
        decoder.config().requireKnown(prefix, "the prefix:");
        Response[] responses = new Response[forks.size()];
        List<Integer> unfinished = new ArrayList<>();
        for (int i = 0; i < forks.size(); i++) {
            Fork fork = forks.get(i);
            fork.requireFits(prefix.length, decoder.config());
            boolean stopped = sampling.stopIds().contains(fork.id());
            if (stopped || fork.most() == 0) {
                responses[i] = new Response(new int[0], new float[0], stopped);
            } else {
                unfinished.add(i);
            }
        }
        Decoding decoding = new Decoding(decoder, sampling, oneAtATime(listener), responses);
        // With dynamic rotary scaling the rotation of a long prefix depends on its length, so it runs once per length.
        int lengthIndependentUpTo = decoder.config().ropeScaling().lengthIndependentUpTo();
        unfinished.stream()
                .collect(Collectors.groupingBy(
                        i -> Math.max(lengthIndependentUpTo, forks.get(i).length() + 1)))
                .values()
                .forEach(sameLength -> continuations(prefix, forks, sameLength, decoding));
        return List.of(responses);
    }

    /** Generates the continuations of the forks {@code unfinished}, after one prefill of their prefix. */
    private void continuations(int[] prefix, List<Fork> forks, List<Integer> unfinished, Decoding decoding) {
        int longest =
                unfinished.stream().mapToInt(i -> forks.get(i).length()).max().orElseThrow();
        long[] ids = Arrays.stream(prefix, 0, longest).asLongStream().toArray();
        try (AutoGradMode noGrad = new AutoGradMode(false);
                KvCache shared = new KvCache(decoder.config(), new int[] {longest})) {
            Scoped.run(() -> decoder.prefill(Tensors.of(ids, 1, longest), new int[] {1}, shared, 0));
            Workers workers = decoder.workers();
            List<int[]> batches = new ArrayList<>();
            for (int start = 0; start < unfinished.size(); start += batchSize) {
                List<Integer> batch = unfinished.subList(start, Math.min(unfinished.size(), start + batchSize));
                batches.addAll(BatchSplit.of(batch, workers.count()));
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

    /**
     * Prefills the cache with the prompts without their last tokens, a few at a time. Consecutive equal prompts run
     * once.
     */
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
