package dev.upbeat.observe;

import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.HeadSpan;
import dev.upbeat.rhythm.Receivers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The results of the pass over a batch, before head groups are known.
 *
 * @param tokens log-probs and entropies of each trace, [B]
 * @param series WAAD and FAI of every head of each trace, by alignment, [B]
 * @param spans head spans of each trace by alignment, [B]
 * @param receivers receiver scores of every head of each trace, [B]; null if receivers are off
 * @param saved q and k for mean maps; null if there are no maps or q and k exceed the memory limit
 */
record BatchResult(
        TraceBatch batch,
        List<TokenResults> tokens,
        Map<Alignment, List<HeadSeries>> series,
        Map<Alignment, List<HeadSpan>> spans,
        @Nullable List<Receivers> receivers,
        @Nullable SavedAttention saved)
        implements AutoCloseable {
    /**
     * Results from the last hidden states of a trace.
     *
     * @param hiddenCosine null if not measured
     */
    record TokenResults(TokenScores scores, float @Nullable [] hiddenCosine) {}

    /** WAAD and FAI of every head of trace {@code b}. */
    HeadSeries series(Alignment alignment, int b) {
        return Objects.requireNonNull(series.get(alignment)).get(b);
    }

    /** Head spans of trace {@code b}. */
    HeadSpan spans(Alignment alignment, int b) {
        return Objects.requireNonNull(spans.get(alignment)).get(b);
    }

    /** Indices b of the traces whose index in the caller's list is accepted. */
    int[] rows(IntPredicate accepted) {
        return IntStream.range(0, batch.size())
                .filter(b -> accepted.test(batch.indices().get(b)))
                .toArray();
    }

    @Override
    public void close() {
        if (saved != null) {
            saved.close();
        }
    }
}
