package dev.upbeat.observe;

import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.MeanAttention;
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
 * One no-grad pass over traces: log-prob, entropy and rhythm of every response token. A trace's numbers do not depend on
 * what it was batched with.
 */
public final class Observer {
    /** Tokens of the batches that run at a time: enough to fill matrix kernels, little enough for a laptop's memory. */
    private static final int BATCH_TOKENS = 4096;

    /** Bytes of q and k that wait for head groups not yet known; batches beyond them run again for their maps. */
    private static final long KEPT_BYTES = 1L << 30;

    private final Decoder decoder;
    private final RhythmOptions options;
    private final long keptBytes;
    private final BatchPass pass;
    private final Observations found;
    private final boolean beyondContext;

    /** @throws BadInputException where the options ask for layers or heads that the model does not have */
    public Observer(Decoder decoder, RhythmOptions options) {
        this(decoder, options, KEPT_BYTES);
    }

    Observer(Decoder decoder, RhythmOptions options, long keptBytes) {
        this(decoder, options, keptBytes, false);
    }

    private Observer(Decoder decoder, RhythmOptions options, long keptBytes, boolean beyondContext) {
        options.requireFit(decoder.config());
        this.decoder = decoder;
        this.options = options;
        this.keptBytes = keptBytes;
        this.pass = new BatchPass(decoder, options);
        this.found = new Observations(options, decoder.config().heads());
        this.beyondContext = beyondContext;
    }

    /** The same for traces of any length: positions beyond the model's context are such as it was not made for. */
    public Observer beyondContext() {
        return new Observer(decoder, options, keptBytes, true);
    }

    public ObservedTraces observe(List<Trace> traces) {
        return observe(traces, batch -> {});
    }

    /** @param progress told of each batch how many traces it was, of one at a time, by one thread or another */
    public ObservedTraces observe(List<Trace> traces, IntConsumer progress) {
        return observe(traces, 0, progress);
    }

    /**
     * @param traces at least one
     * @param perHead of how many traces, the first, every head's own series are kept too: 8 bytes a head and token
     * @param progress told of each batch how many traces it was
     * @throws BadInputException where there is no trace, or one has ids that the model does not know or is longer than its
     *     context
     */
    public ObservedTraces observe(List<Trace> traces, int perHead, IntConsumer progress) {
        return observe(traces, perHead, List.of(), progress);
    }

    /**
     * @param further other readings of the same pass; none where head groups are fixed
     * @see #observe(List, int, IntConsumer)
     */
    public ObservedTraces observe(List<Trace> traces, int perHead, List<RhythmVariant> further, IntConsumer progress) {
        if (options.groups() != null && !further.isEmpty()) {
            throw new IllegalArgumentException("fixed head groups leave nothing to find for further readings");
        }
        if (traces.isEmpty()) {
            throw new BadInputException("there is no trace to observe; expected at least one");
        }
        traces.forEach(this::requireInContext);
        HeadGroups fixed = options.groups();
        Set<Alignment> alignments = EnumSet.of(options.alignment());
        further.forEach(reading -> alignments.add(reading.alignment()));
        List<TraceBatch> batches = batches(decoder, traces);
        boolean[] keeps = keeps(batches);
        Observation[] observations = new Observation[traces.size()];
        List<List<HeadRhythm>> heads =
                new ArrayList<>(Collections.nCopies(Math.min(perHead, traces.size()), List.of()));
        @Nullable BatchResult[] passes = new BatchResult[batches.size()];
        TotalTime rhythm = new TotalTime();
        try {
            eachOf(decoder, batches.size(), i -> {
                TraceBatch batch = batches.get(i);
                BatchResult seen = pass.watched(batch, alignments, keeps[i], rhythm);
                keepHeads(seen, heads);
                if (fixed != null) {
                    rhythm.time(() -> finish(seen, fixed, observations));
                } else {
                    passes[i] = seen;
                }
                synchronized (progress) {
                    progress.accept(batch.size());
                }
            });
            List<BatchResult> waiting =
                    Arrays.stream(passes).flatMap(Stream::ofNullable).toList();
            HeadGroups groups = fixed != null ? fixed : found.group(waiting, options.alignment(), options.layers());
            eachOf(decoder, waiting.size(), i -> rhythm.time(() -> finish(waiting.get(i), groups, observations)));
            List<ObservedTraces> readings = further.stream()
                    .map(reading -> found.read(reading, waiting, traces.size()))
                    .toList();
            double seconds = rhythm.seconds() / Math.min(decoder.workers().count(), batches.size());
            return new ObservedTraces(groups, List.of(observations), seconds, List.copyOf(heads), readings);
        } finally {
            Arrays.stream(passes).flatMap(Stream::ofNullable).forEach(BatchResult::close);
        }
    }

    private void requireInContext(Trace trace) {
        int context = decoder.config().context();
        if (trace.length() > context && !beyondContext) {
            throw new BadInputException("trace " + trace.id() + " has " + trace.length()
                    + " tokens, more than the model's context of " + context
                    + "; shorten it, or allow it by --beyond-context (Observer.beyondContext())");
        }
    }

    /** Runs tasks of the numbers below {@code count}, side by side where that is faster, without gradients. */
    private static void eachOf(Decoder decoder, int count, IntConsumer task) {
        decoder.workers().run(count, i -> {
            try (AutoGradMode noGrad = new AutoGradMode(false)) {
                task.accept(i);
            }
        });
    }

    /** Which batches' q and k are kept for maps, the first as far as there is room; all where nothing has to wait. */
    private boolean[] keeps(List<TraceBatch> batches) {
        boolean[] keeps = new boolean[batches.size()];
        long room = keptBytes;
        for (int i = 0; i < keeps.length; i++) {
            long bytes = SavedAttention.bytes(decoder, options.layers().size(), batches.get(i));
            keeps[i] = drawsMaps() && (options.groups() != null || bytes <= room);
            room -= keeps[i] ? bytes : 0;
        }
        return keeps;
    }

    private boolean drawsMaps() {
        RhythmOptions.Extras extras = options.extras();
        return extras.links() > 0 || extras.map() != null || extras.columns().contains(Observation.PATH_FLOW);
    }

    /** Fills in those traces of the batch that have a place in the list. */
    private void keepHeads(BatchResult seen, List<List<HeadRhythm>> heads) {
        for (int b = 0; b < seen.batch().size(); b++) {
            int trace = seen.batch().indices().get(b);
            if (trace < heads.size()) {
                heads.set(trace, seen.series(options.alignment(), b).perHead());
            }
        }
    }

    /** Fills in the observations of a batch, and frees what was kept for them. */
    private void finish(BatchResult seen, HeadGroups groups, Observation[] observations) {
        try (seen;
                SavedAttention again = seen.kept() == null && drawsMaps() ? pass.again(seen.batch(), groups) : null) {
            SavedAttention kept = again == null ? seen.kept() : again;
            for (int b = 0; b < seen.batch().size(); b++) {
                MeanAttention maps = kept == null ? null : new MeanAttention(kept.layers(), b);
                observations[seen.batch().indices().get(b)] = found.of(seen, b, maps, groups);
            }
        }
    }

    /** Log-probs and entropies alone, of any length: the pass without a hook. One a trace, in the traces' order. */
    public static List<TokenScores> score(Decoder decoder, List<Trace> traces) {
        TokenScores[] scores = new TokenScores[traces.size()];
        List<TraceBatch> batches = batches(decoder, traces);
        eachOf(decoder, batches.size(), i -> {
            TraceBatch batch = batches.get(i);
            List<TokenScores> given = BatchPass.scores(decoder, batch);
            for (int b = 0; b < batch.size(); b++) {
                scores[batch.indices().get(b)] = given.get(b);
            }
        });
        return List.of(scores);
    }

    private static List<TraceBatch> batches(Decoder decoder, List<Trace> traces) {
        traces.forEach(trace -> decoder.config().requireKnown(trace.ids(), "trace " + trace.id() + ":"));
        return TraceBatch.cut(traces, BATCH_TOKENS, decoder.config().ropeScaling(), decoder.workers());
    }
}
