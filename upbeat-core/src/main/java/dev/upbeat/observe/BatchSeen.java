package dev.upbeat.observe;

import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.rhythm.HeadTally;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a pass over a batch left: everything but the choice of head groups.
 *
 * @param passed of each trace, [B]
 * @param series every head's, of each alignment that was read, [B]
 * @param tallies likewise
 * @param kept what mean maps are drawn from; null where there is none, or no room
 */
record BatchSeen(
        TraceBatch batch,
        List<Passed> passed,
        Map<Alignment, List<HeadSeries>> series,
        Map<Alignment, HeadTally> tallies,
        @Nullable KeptAttention kept)
        implements AutoCloseable {
    /** What the last hidden states of a trace told; the cosines are null where they were not asked for. */
    record Passed(TokenScores scores, float @Nullable [] hiddenCosine) {}

    /** Of one trace of the batch. */
    HeadSeries series(Alignment alignment, int b) {
        return Objects.requireNonNull(series.get(alignment)).get(b);
    }

    HeadTally tally(Alignment alignment) {
        return Objects.requireNonNull(tallies.get(alignment));
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
        }
    }
}
