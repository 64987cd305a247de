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
 * The results of a pass over a batch, before head groups are chosen.
 *
 * @param passed of each trace, [B]
 * @param series of every head, for each alignment that is read, [B]
 * @param spans of every head, for each alignment that is read
 * @param receivers scores of every head; null if receivers are not asked for
 * @param kept what mean maps are computed from; null if there are none, or no room for it
 */
record BatchResult(
        TraceBatch batch,
        List<TokenResults> passed,
        Map<Alignment, List<HeadSeries>> series,
        Map<Alignment, HeadSpan> spans,
        @Nullable Receivers receivers,
        @Nullable SavedAttention kept)
        implements AutoCloseable {
    /** Results from the last hidden states of a trace; the cosines are null if they were not asked for. */
    record TokenResults(TokenScores scores, float @Nullable [] hiddenCosine) {}

    /** Of trace {@code b} of the batch. */
    HeadSeries series(Alignment alignment, int b) {
        return Objects.requireNonNull(series.get(alignment)).get(b);
    }

    HeadSpan spans(Alignment alignment) {
        return Objects.requireNonNull(spans.get(alignment));
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
    }
}
