package dev.upbeat.linkage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Overlap of the peaks of two series (Table 20): the number of peaks of the first series whose nearest peak of the second
 * series is at the same, the previous or the next position. A peak of the first series with a peak of the second on both
 * sides counts under {@code previous}.
 *
 * @param first the series whose peaks are counted
 * @param second the series in which their nearest peak is searched
 * @param peaks number of peaks of the first series at tokens in scope at which both series are defined
 * @param same number of these at a peak of the second series
 * @param previous number of these one token after their nearest peak of the second series
 * @param next number of these one token before their nearest peak of the second series
 * @param share (same + previous + next) / peaks; null if there are no peaks
 * @param chance expected share if the first series' peaks were placed at random in the scope of their response; null if
 *     there are no peaks
 */
public record PeakOverlap(
        Metric first,
        Metric second,
        TokenScope scope,
        int peaks,
        int same,
        int previous,
        int next,
        @Nullable Double share,
        @Nullable Double chance) {

    static PeakOverlap of(
            Metric first, Metric second, TokenScope scope, LinkageSettings settings, List<PeakedResponse> responses) {
        int peaks = 0;
        int same = 0;
        int previous = 0;
        int next = 0;
        double expected = 0;
        for (PeakedResponse response : responses) {
            boolean[] inScope = response.inScope(scope, settings, first, second);
            boolean[] firstPeaks = response.peaks(first, inScope);
            boolean[] secondPeaks = response.peaks(second, inScope);
            int tokens = 0;
            int near = 0;
            int own = 0;
            for (int position = 0; position < inScope.length; position++) {
                if (!inScope[position]) {
                    continue;
                }
                boolean at = secondPeaks[position];
                boolean before = position > 0 && secondPeaks[position - 1];
                boolean after = position + 1 < inScope.length && secondPeaks[position + 1];
                tokens++;
                near += isNear(secondPeaks, position) ? 1 : 0;
                if (firstPeaks[position]) {
                    own++;
                    same += at ? 1 : 0;
                    previous += !at && before ? 1 : 0;
                    next += !at && !before && after ? 1 : 0;
                }
            }
            peaks += own;
            expected += own == 0 ? 0 : own * (double) near / tokens;
        }
        Double share = peaks == 0 ? null : (same + previous + next) / (double) peaks;
        Double chance = peaks == 0 ? null : expected / peaks;
        return new PeakOverlap(first, second, scope, peaks, same, previous, next, share, chance);
    }

    /** Whether there is a peak at the position or beside it. */
    static boolean isNear(boolean[] peaks, int position) {
        return peaks[position]
                || (position > 0 && peaks[position - 1])
                || (position + 1 < peaks.length && peaks[position + 1]);
    }
}
