package dev.upbeat.observe;

import dev.upbeat.model.AttentionTap;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Finite;
import dev.upbeat.model.TokenScores;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.HeadTally;
import dev.upbeat.rhythm.MeanAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MapWindow;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One no-grad pass over traces: log-prob, entropy and rhythm of every response token. A trace's numbers do not depend on
 * what it was batched with.
 */
public final class Observer {
    /** Tokens of a batch, padding included: enough to fill matrix kernels, little enough for a laptop's memory. */
    private static final int BATCH_TOKENS = 4096;

    private final Decoder decoder;
    private final RhythmOptions options;

    public Observer(Decoder decoder, RhythmOptions options) {
        this.decoder = decoder;
        this.options = options;
    }

    public Observed observe(List<Trace> traces) {
        return observe(traces, batch -> {});
    }

    /** @param progress told of each batch how many traces it was */
    public Observed observe(List<Trace> traces, IntConsumer progress) {
        HeadTally tally = new HeadTally(options.layers(), decoder.config().heads());
        List<Seen> seen = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false)) {
            for (TraceBatch batch : TraceBatch.cut(traces, BATCH_TOKENS)) {
                seen.add(pass(batch, tally));
                progress.accept(batch.size());
            }
            HeadGroups groups = options.groups() != null ? options.groups() : group(tally);
            Observation[] observations = new Observation[traces.size()];
            for (Seen batch : seen) {
                for (int b = 0; b < batch.batch.size(); b++) {
                    observations[batch.batch.indices().get(b)] = observation(batch, b, groups);
                }
            }
            return new Observed(groups, List.of(observations));
        } finally {
            seen.forEach(batch -> batch.tap.close());
        }
    }

    /** Log-probs and entropies alone: the pass without a tap. One a trace, in the traces' order. */
    public static List<TokenScores> score(Decoder decoder, List<Trace> traces) {
        TokenScores[] scores = new TokenScores[traces.size()];
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            for (TraceBatch batch : TraceBatch.cut(traces, BATCH_TOKENS)) {
                List<TokenScores> scored = forward(decoder, batch, null);
                for (int b = 0; b < batch.size(); b++) {
                    scores[batch.indices().get(b)] = scored.get(b);
                }
            }
        }
        return List.of(scores);
    }

    private static List<TokenScores> forward(Decoder decoder, TraceBatch batch, @Nullable AttentionTap tap) {
        try (PointerScope scope = new PointerScope()) {
            Tensor hidden = decoder.forward(batch.ids(), tap, null);
            List<TokenScores> scores = new ArrayList<>();
            for (int b = 0; b < batch.size(); b++) {
                scores.add(scores(decoder, batch.traces().get(b), hidden.select(0, b)));
            }
            return scores;
        }
    }

    /** What a pass over a batch left: everything but the choice of groups. */
    private record Seen(TraceBatch batch, List<TokenScores> scores, BatchTap tap) {}

    private Seen pass(TraceBatch batch, HeadTally tally) {
        boolean keeps = options.links() > 0 || options.map() != null;
        try (PointerScope scope = new PointerScope()) {
            BatchTap tap = new BatchTap(batch, options, tally, keeps);
            return new Seen(batch, forward(decoder, batch, tap), tap);
        }
    }

    /** Row t - 1 predicts token t. */
    private static TokenScores scores(Decoder decoder, Trace trace, Tensor hidden) {
        int prompt = trace.promptIds().length;
        int length = trace.responseIds().length;
        long[] targets = Arrays.stream(trace.responseIds()).asLongStream().toArray();
        float[] temperatures = new float[length];
        Arrays.fill(temperatures, (float) trace.temperature());
        Tensor predicting = Tensors.slice(hidden, 0, prompt - 1, prompt - 1L + length);
        TokenScores scores = TokenScores.of(decoder, predicting, targets, temperatures);
        Finite.require(scores.logProbs(), "log-probs of trace " + trace.id());
        Finite.require(scores.entropyNats(), "entropies of trace " + trace.id());
        return scores;
    }

    private HeadGroups group(HeadTally tally) {
        List<Head> receivers = options.receivers()
                ? HeadGrouping.receivers(tally.receiverScores(), HeadGrouping.DEFAULT_RECEIVER_RHO)
                : List.of();
        return HeadGrouping.of(tally.spanTokens(), options.rho(), receivers, options.window(), options.horizon());
    }

    private Observation observation(Seen seen, int b, HeadGroups groups) {
        Trace trace = seen.batch.traces().get(b);
        HeadSeries series = seen.tap.series().get(b);
        MeanAttention maps = new MeanAttention(seen.tap.kept(), b);
        Links links = options.links() == 0
                ? null
                : maps.links(
                        groups.global(), groups.local(), trace.promptIds().length, trace.length(), options.links());
        return new Observation(
                seen.scores.get(b).logProbs(),
                seen.scores.get(b).entropyNats(),
                series.waad(groups.local()),
                series.fai(groups.global()),
                options.receivers() ? receiverFai(series, trace, groups) : null,
                links,
                window(maps, trace, groups));
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
