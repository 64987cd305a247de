package dev.upbeat.observe;

import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.HeadSpan;
import dev.upbeat.rhythm.Receivers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of the pass over a batch, before head groups are known.
 *
 * @param tokens log-probs and entropies of each trace, [B]
 * @param series WAAD and FAI of every head of each trace, by alignment, [B]
 * @param spans head spans by alignment
 * @param receivers receiver scores of every head; null if receivers are off
 * @param saved q and k for mean maps; null if there are no maps or q and k exceed the memory limit
 */
record BatchResult(
        TraceBatch batch,
        List<TokenResults> tokens,
        Map<Alignment, List<HeadSeries>> series,
        Map<Alignment, HeadSpan> spans,
        @Nullable Receivers receivers,
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

    HeadSpan spans(Alignment alignment) {
        return Objects.requireNonNull(spans.get(alignment));
    }

    @Override
    public void close() {
        if (saved != null) {
            saved.close();
        }
    }
}
