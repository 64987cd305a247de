package dev.upbeat.observe;

import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.jspecify.annotations.Nullable;

/**
 * Measures log-prob, entropy and rhythm of every response token in one no-grad pass. The results of a trace do not
 * depend on the traces that share its batch.
 */
public final class Observer {
    /**
     * Tokens of the batches that run at the same time: enough for efficient matrix products, few enough for the memory
     * of a laptop.
     */
    private static final int BATCH_TOKENS = 4096;

    /**
     * Limit of the bytes of q and k that are saved until the head groups are known. For maps, batches beyond it run
     * again.
     */
    private static final long SAVED_BYTES = 1L << 30;

    private final Decoder decoder;
    private final RhythmOptions options;
    private final long savedBytes;
    private final BatchPass pass;
    private final ObservationAssembler assembler;
    private final boolean beyondContext;

    /** @throws BadInputException if the options name layers or heads that the model does not have */
    public Observer(Decoder decoder, RhythmOptions options) {
        this(decoder, options, SAVED_BYTES);
    }

    Observer(Decoder decoder, RhythmOptions options, long savedBytes) {
        this(decoder, options, savedBytes, false);
    }

    private Observer(Decoder decoder, RhythmOptions options, long savedBytes, boolean beyondContext) {
        options.requireFit(decoder.config());
        this.decoder = decoder;
        this.options = options;
        this.savedBytes = savedBytes;
        this.pass = new BatchPass(decoder, options);
        this.assembler = new ObservationAssembler(options, decoder.config().heads());
        this.beyondContext = beyondContext;
    }

    /** The same observer for traces of any length. The model was not trained for positions beyond its context. */
    public Observer beyondContext() {
        return new Observer(decoder, options, savedBytes, true);
    }

    public ObservedTraces observe(List<Trace> traces) {
        return observe(traces, batch -> {});
    }

    /**
     * @param progress called after each batch with its number of traces; from several threads, but never by two at once
     */
    public ObservedTraces observe(List<Trace> traces, IntConsumer progress) {
        return observe(traces, 0, progress);
    }

    /**
     * Observes traces.
     *
     * @param traces at least one
     * @param perHead number of traces, from the first, whose series of every head are kept too, which takes 8 bytes per
     *     head and token
     * @param progress as above
     * @throws BadInputException if there is no trace, or a trace has unknown ids or is longer than the model's context
     */
    public ObservedTraces observe(List<Trace> traces, int perHead, IntConsumer progress) {
        return observe(traces, perHead, List.of(), progress);
    }

    /**
     * Observes traces, also in other variants.
     *
     * @param further other variants of the same pass; of all observed layers if head groups are fixed, which they share
     * @see #observe(List, int, IntConsumer)
     */
    public ObservedTraces observe(List<Trace> traces, int perHead, List<RhythmVariant> further, IntConsumer progress) {
        if (options.groups() != null
                && further.stream().anyMatch(variant -> !variant.layers().equals(options.layers()))) {
            throw new IllegalArgumentException(
                    "variants of some layers find their own head groups, so they cannot be combined with fixed head groups");
        }
        if (traces.isEmpty()) {
            throw new BadInputException("there is no trace to observe; expected at least one");
        }
        if (!beyondContext) {
            traces.forEach(trace -> requireInContext(trace, decoder.config().context()));
        }
        traces.forEach(this::requireTexts);
        HeadGroups fixed = options.groups();
        Set<Alignment> alignments = EnumSet.of(options.alignment());
        further.forEach(variant -> alignments.add(variant.alignment()));
        List<TraceBatch> batches = batches(decoder, traces);
        boolean atOnce = fixed != null && further.isEmpty(); // a batch is finished as soon as it is measured
        boolean[] save = batchesToSave(batches, atOnce);
        Observation[] observations = new Observation[traces.size()];
        List<List<HeadRhythm>> heads =
                new ArrayList<>(Collections.nCopies(Math.min(perHead, traces.size()), List.of()));
        @Nullable BatchResult[] results = new BatchResult[batches.size()];
        TotalTime rhythmTime = new TotalTime();
        try {
            runAll(decoder, batches.size(), i -> {
                TraceBatch batch = batches.get(i);
                BatchResult result = pass.measure(batch, alignments, save[i], rhythmTime);
                storeHeadSeries(result, heads);
                if (fixed != null && atOnce) {
                    rhythmTime.time(() -> finish(result, fixed, observations));
                } else {
                    results[i] = result;
                }
                synchronized (progress) {
                    progress.accept(batch.size());
                }
            });
            List<BatchResult> unfinished =
                    Arrays.stream(results).flatMap(Stream::ofNullable).toList();
            HeadGroups groups =
                    fixed != null ? fixed : assembler.group(unfinished, options.alignment(), options.layers());
            runAll(
                    decoder,
                    unfinished.size(),
                    i -> rhythmTime.time(() -> finish(unfinished.get(i), groups, observations)));
            List<ObservedTraces> variants = further.stream()
                    .map(variant -> assembler.variant(variant, unfinished, traces.size()))
                    .toList();
            double seconds = rhythmTime.seconds() / Math.min(decoder.workers().count(), batches.size());
            return new ObservedTraces(groups, List.of(observations), seconds, List.copyOf(heads), variants);
        } finally {
            Arrays.stream(results).flatMap(Stream::ofNullable).forEach(BatchResult::close);
        }
    }

    /**
     * Rejects a trace that is longer than the model's context.
     *
     * @param context of the model, in tokens
     */
    public static void requireInContext(Trace trace, int context) {
        if (trace.length() > context) {
            throw new BadInputException("trace " + trace.id() + " has " + trace.length()
                    + " tokens, more than the model's context of " + context
                    + "; shorten it, or allow it by --beyond-context (Observer.beyondContext())");
        }
    }

    private void requireTexts(Trace trace) {
        if (options.extras().readsTexts() && trace.tokens() == null) {
            throw new BadInputException("trace " + trace.id()
                    + " has no token texts, in which the columns flow and step_influence find the answer and the steps;"
                    + " use a model with a supported tokenizer, or leave these columns out");
        }
    }

    /** Runs the tasks 0 to {@code count - 1} without autograd, in parallel if that is faster. */
    static void runAll(Decoder decoder, int count, IntConsumer task) {
        decoder.workers().run(count, i -> {
            try (AutoGradMode noGrad = new AutoGradMode(false)) {
                task.accept(i);
            }
        });
    }

    /**
     * Batches whose q and k are saved for maps: the first ones up to the limit.
     *
     * @param all whether all are saved, because each is freed before the next batch
     */
    private boolean[] batchesToSave(List<TraceBatch> batches, boolean all) {
        boolean[] save = new boolean[batches.size()];
        long freeBytes = savedBytes;
        for (int i = 0; i < save.length; i++) {
            long bytes = SavedAttention.bytes(
                    decoder, options.layers().size(), options.settings().weights(), batches.get(i));
            save[i] = options.extras().readsAttention() && (all || bytes <= freeBytes);
            freeBytes -= save[i] ? bytes : 0;
        }
        return save;
    }

    /** Stores the series of every head for those traces of the batch that have an element in the list. */
    private void storeHeadSeries(BatchResult result, List<List<HeadRhythm>> heads) {
        for (int b = 0; b < result.batch().size(); b++) {
            int trace = result.batch().indices().get(b);
            if (trace < heads.size()) {
                heads.set(trace, result.series(options.alignment(), b).perHead());
            }
        }
    }

    /** Computes the observations of a batch and frees its saved attention. */
    private void finish(BatchResult result, HeadGroups groups, Observation[] observations) {
        try (result;
                SavedAttention recomputed =
                        result.saved() == null && options.extras().readsAttention()
                                ? pass.recomputeAttention(result.batch(), groups)
                                : null) {
            SavedAttention saved = recomputed == null ? result.saved() : recomputed;
            for (int b = 0; b < result.batch().size(); b++) {
                observations[result.batch().indices().get(b)] = assembler.of(result, b, saved, groups);
            }
        }
    }

    /**
     * Log-probs and entropies only, for traces of any length.
     *
     * @return one per trace, in the order of the traces
     */
    public static List<TokenScores> score(Decoder decoder, List<Trace> traces) {
        TokenScores[] scores = new TokenScores[traces.size()];
        List<TraceBatch> batches = batches(decoder, traces);
        runAll(decoder, batches.size(), i -> {
            TraceBatch batch = batches.get(i);
            List<TokenScores> given = BatchPass.scores(decoder, batch);
            for (int b = 0; b < batch.size(); b++) {
                scores[batch.indices().get(b)] = given.get(b);
            }
        });
        return List.of(scores);
    }

    static List<TraceBatch> batches(Decoder decoder, List<Trace> traces) {
        traces.forEach(trace -> decoder.config().requireKnown(trace.ids(), "trace " + trace.id() + ":"));
        return TraceBatch.cut(traces, BATCH_TOKENS, decoder.config().ropeScaling(), decoder.workers());
    }
}
