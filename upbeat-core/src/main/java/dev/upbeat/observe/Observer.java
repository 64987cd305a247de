package dev.upbeat.observe;

import dev.upbeat.io.BadInputException;
import dev.upbeat.model.AttentionTap;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Finite;
import dev.upbeat.model.Packing;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.HeadTally;
import dev.upbeat.rhythm.MeanAttention;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MapWindow;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
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

    /** @throws BadInputException where the options ask for layers or heads that the model does not have */
    public Observer(Decoder decoder, RhythmOptions options) {
        this(decoder, options, KEPT_BYTES);
    }

    Observer(Decoder decoder, RhythmOptions options, long keptBytes) {
        options.requireFit(decoder.config());
        this.decoder = decoder;
        this.options = options;
        this.keptBytes = keptBytes;
    }

    public Observed observe(List<Trace> traces) {
        return observe(traces, batch -> {});
    }

    /** @param progress told of each batch how many traces it was, of one at a time, by one thread or another */
    public Observed observe(List<Trace> traces, IntConsumer progress) {
        return observe(traces, 0, progress);
    }

    /**
     * @param traces at least one
     * @param perHead of how many traces, the first, every head's own series are kept too: 8 bytes a head and token
     * @param progress told of each batch how many traces it was
     * @throws BadInputException where there is no trace, or one has ids that the model does not know
     */
    public Observed observe(List<Trace> traces, int perHead, IntConsumer progress) {
        return observe(traces, perHead, List.of(), progress);
    }

    /**
     * @param further other readings of the same pass; none where head groups are fixed
     * @see #observe(List, int, IntConsumer)
     */
    public Observed observe(List<Trace> traces, int perHead, List<Reading> further, IntConsumer progress) {
        if (options.groups() != null && !further.isEmpty()) {
            throw new IllegalArgumentException("fixed head groups leave nothing to find for further readings");
        }
        if (traces.isEmpty()) {
            throw new BadInputException("there is no trace to observe; expected at least one");
        }
        HeadGroups fixed = options.groups();
        Set<Alignment> alignments = EnumSet.of(options.alignment());
        further.forEach(reading -> alignments.add(reading.alignment()));
        List<TraceBatch> batches = batches(decoder, traces);
        boolean[] keeps = keeps(batches);
        Observation[] observations = new Observation[traces.size()];
        List<List<HeadRhythm>> heads =
                new ArrayList<>(Collections.nCopies(Math.min(perHead, traces.size()), List.of()));
        @Nullable Seen[] passes = new Seen[batches.size()];
        Stopwatch rhythm = new Stopwatch();
        try {
            eachOf(decoder, batches.size(), i -> {
                TraceBatch batch = batches.get(i);
                Seen seen = pass(batch, alignments, keeps[i], rhythm);
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
            List<Seen> waiting =
                    Arrays.stream(passes).flatMap(Stream::ofNullable).toList();
            HeadGroups groups = fixed != null ? fixed : group(waiting, options.alignment(), options.layers());
            eachOf(decoder, waiting.size(), i -> rhythm.time(() -> finish(waiting.get(i), groups, observations)));
            List<Observed> readings = further.stream()
                    .map(reading -> read(
                            reading, group(waiting, reading.alignment(), reading.layers()), waiting, traces.size()))
                    .toList();
            double seconds = rhythm.seconds() / Math.min(decoder.lanes().count(), batches.size());
            return new Observed(groups, List.of(observations), seconds, List.copyOf(heads), readings);
        } finally {
            Arrays.stream(passes).flatMap(Stream::ofNullable).forEach(seen -> close(seen.kept));
        }
    }

    /** Runs tasks of the numbers below {@code count}, side by side where that is faster, without gradients. */
    private static void eachOf(Decoder decoder, int count, IntConsumer task) {
        decoder.lanes().run(count, i -> {
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
            long bytes = KeptAttention.bytes(decoder, options.layers().size(), batches.get(i));
            keeps[i] = drawsMaps() && (options.groups() != null || bytes <= room);
            room -= keeps[i] ? bytes : 0;
        }
        return keeps;
    }

    /** Fills in those traces of the batch that have a place in the list. */
    private void keepHeads(Seen seen, List<List<HeadRhythm>> heads) {
        for (int b = 0; b < seen.batch.size(); b++) {
            int trace = seen.batch.indices().get(b);
            if (trace < heads.size()) {
                heads.set(trace, seen.series(options.alignment(), b).perHead());
            }
        }
    }

    private boolean drawsMaps() {
        return options.links() > 0 || options.map() != null || options.columns().contains(Observation.PATH_FLOW);
    }

    /** Log-probs and entropies alone: the pass without a tap. One a trace, in the traces' order. */
    public static List<TokenScores> score(Decoder decoder, List<Trace> traces) {
        TokenScores[] scores = new TokenScores[traces.size()];
        List<TraceBatch> batches = batches(decoder, traces);
        eachOf(decoder, batches.size(), i -> {
            TraceBatch batch = batches.get(i);
            List<Passed> passed = forward(decoder, batch, null, false);
            for (int b = 0; b < batch.size(); b++) {
                scores[batch.indices().get(b)] = passed.get(b).scores;
            }
        });
        return List.of(scores);
    }

    private static List<TraceBatch> batches(Decoder decoder, List<Trace> traces) {
        traces.forEach(trace -> decoder.config().requireKnown(trace.ids(), "trace " + trace.id() + ":"));
        return TraceBatch.cut(traces, BATCH_TOKENS, decoder.lanes());
    }

    /** What the last hidden states of a trace told; the cosines are null where they were not asked for. */
    private record Passed(TokenScores scores, float @Nullable [] hiddenCosine) {}

    private static List<Passed> forward(
            Decoder decoder, TraceBatch batch, @Nullable AttentionTap tap, boolean hiddenCosine) {
        try (PointerScope scope = new PointerScope()) {
            Packing packing = batch.packing(true);
            Tensor hidden = decoder.forward(packing, tap).select(0, 0);
            TokenScores scores = scores(decoder, batch, packing, hidden);
            List<Passed> passed = new ArrayList<>();
            int start = 0;
            for (int b = 0; b < batch.size(); b++) {
                Trace trace = batch.traces().get(b);
                int end = start + trace.responseIds().length;
                float[] logProbs = Arrays.copyOfRange(scores.logProbs(), start, end);
                float[] entropies = Arrays.copyOfRange(scores.entropyNats(), start, end);
                Finite.require(logProbs, "log-probs of trace " + trace.id());
                Finite.require(entropies, "entropies of trace " + trace.id());
                Tensor response = hidden.narrow(0, packing.start(b), end - (long) start);
                passed.add(new Passed(
                        new TokenScores(logProbs, entropies), hiddenCosine ? HiddenCosine.of(response) : null));
                start = end;
            }
            return passed;
        }
    }

    /** Of all responses, one after the other; row t - 1 predicts token t. */
    private static TokenScores scores(Decoder decoder, TraceBatch batch, Packing packing, Tensor hidden) {
        long[] rows = packing.predicting();
        Tensor predicting = hidden.index_select(0, Tensors.of(rows, rows.length));
        return TokenScores.of(decoder, predicting, packing.targets(), packing.everyToken(batch.temperatures()));
    }

    /** What a pass over a batch left: everything but the choice of groups. */
    private record Seen(
            TraceBatch batch,
            List<Passed> passed,
            Map<Alignment, List<HeadSeries>> series,
            Map<Alignment, HeadTally> tallies,
            @Nullable KeptAttention kept) {
        /** Of one trace of the batch. */
        HeadSeries series(Alignment alignment, int b) {
            return Objects.requireNonNull(series.get(alignment)).get(b);
        }
    }

    private Seen pass(TraceBatch batch, Set<Alignment> alignments, boolean keeps, Stopwatch rhythm) {
        Map<Alignment, HeadTally> tallies = new EnumMap<>(Alignment.class);
        alignments.forEach(alignment -> tallies.put(alignment, tally()));
        try (PointerScope scope = new PointerScope()) {
            KeptAttention kept = keeps ? new KeptAttention(decoder, options.layers()) : null;
            BatchTap tap = new BatchTap(batch, options, tallies, kept);
            boolean hiddenCosine = options.columns().contains(Observation.HIDDEN_COSINE);
            List<Passed> passed = forward(decoder, batch, rhythm.timed(tap), hiddenCosine);
            return new Seen(batch, passed, tap.series(), tallies, kept);
        }
    }

    private HeadTally tally() {
        return new HeadTally(options.layers(), decoder.config().heads());
    }

    /** Fills in the observations of a batch, and frees what was kept for them. */
    private void finish(Seen seen, HeadGroups groups, Observation[] observations) {
        KeptAttention kept = seen.kept == null && drawsMaps() ? again(seen.batch, groups) : seen.kept;
        try {
            for (int b = 0; b < seen.batch.size(); b++) {
                MeanAttention maps = kept == null ? null : new MeanAttention(kept.layers(), b);
                observations[seen.batch.indices().get(b)] = observation(seen, b, maps, groups);
            }
        } finally {
            close(kept);
        }
    }

    /** Runs a batch whose q and k were not kept once more, for the layers of the local and global heads. */
    private KeptAttention again(TraceBatch batch, HeadGroups groups) {
        KeptAttention kept = new KeptAttention(
                decoder,
                Stream.concat(groups.local().stream(), groups.global().stream())
                        .map(Head::layer)
                        .distinct()
                        .toList());
        try (PointerScope scope = new PointerScope()) {
            decoder.forward(batch.packing(true), kept);
        }
        return kept;
    }

    private static void close(@Nullable KeptAttention kept) {
        if (kept != null) {
            kept.close();
        }
    }

    /** The groups among the heads of these layers; sums are added in the batches' order, so that threads change nothing. */
    private HeadGroups group(List<Seen> passes, Alignment alignment, List<Integer> layers) {
        HeadTally tally = tally();
        passes.forEach(seen -> tally.add(Objects.requireNonNull(seen.tallies.get(alignment))));
        List<Head> receivers = options.receivers()
                ? HeadGrouping.receivers(of(layers, tally.receiverScores()), options.receiverRho())
                : List.of();
        return HeadGrouping.of(
                of(layers, tally.spanTokens()),
                options.rho(),
                receivers,
                options.receiverRho(),
                options.window(),
                options.horizon());
    }

    private static SortedMap<Integer, double[]> of(List<Integer> layers, SortedMap<Integer, double[]> all) {
        SortedMap<Integer, double[]> chosen = new TreeMap<>(all);
        chosen.keySet().retainAll(layers);
        return chosen;
    }

    private Observed read(Reading reading, HeadGroups groups, List<Seen> passes, int traces) {
        Observation[] observations = new Observation[traces];
        for (Seen seen : passes) {
            for (int b = 0; b < seen.batch.size(); b++) {
                HeadSeries series = seen.series(reading.alignment(), b);
                TokenScores scores = seen.passed.get(b).scores;
                observations[seen.batch.indices().get(b)] = new Observation(
                        scores.logProbs(),
                        scores.entropyNats(),
                        series.waad(groups.local()),
                        series.fai(groups.global()),
                        options.receivers()
                                ? receiverFai(series, seen.batch.traces().get(b), groups)
                                : null,
                        null,
                        null);
            }
        }
        return new Observed(groups, List.of(observations), 0, List.of(), List.of());
    }

    private Observation observation(Seen seen, int b, @Nullable MeanAttention maps, HeadGroups groups) {
        Trace trace = seen.batch.traces().get(b);
        HeadSeries series = seen.series(options.alignment(), b);
        Passed passed = seen.passed.get(b);
        return new Observation(
                passed.scores.logProbs(),
                passed.scores.entropyNats(),
                series.waad(groups.local()),
                series.fai(groups.global()),
                options.receivers() ? receiverFai(series, trace, groups) : null,
                maps == null ? null : links(maps, trace, groups),
                maps == null ? null : window(maps, trace, groups),
                columns(passed, maps, trace, groups));
    }

    private Map<String, float[]> columns(Passed passed, @Nullable MeanAttention maps, Trace trace, HeadGroups groups) {
        Map<String, float[]> columns = new LinkedHashMap<>();
        if (maps != null && options.columns().contains(Observation.PATH_FLOW)) {
            int prompt = trace.promptIds().length;
            MeanAttention.Strongest links = maps.strongest(groups.global(), prompt, trace.length(), PathFlow.LINKS);
            columns.put(Observation.PATH_FLOW, PathFlow.of(links, prompt));
        }
        if (passed.hiddenCosine != null) {
            columns.put(Observation.HIDDEN_COSINE, passed.hiddenCosine);
        }
        return columns;
    }

    private @Nullable Links links(MeanAttention maps, Trace trace, HeadGroups groups) {
        return options.links() == 0
                ? null
                : maps.links(
                        groups.global(), groups.local(), trace.promptIds().length, trace.length(), options.links());
    }

    private static float[] receiverFai(HeadSeries series, Trace trace, HeadGroups groups) {
        if (groups.receiver().isEmpty()) {
            float[] undefined = new float[trace.responseIds().length];
            Arrays.fill(undefined, Float.NaN);
            return undefined;
        }
        return series.fai(groups.receiver());
    }

    private @Nullable MapWindow window(MeanAttention maps, Trace trace, HeadGroups groups) {
        RhythmOptions.MapRange range = options.map();
        if (range == null || range.start() >= trace.length()) {
            return null;
        }
        return maps.window(groups.global(), groups.local(), range.start(), Math.min(range.end(), trace.length()));
    }
}
