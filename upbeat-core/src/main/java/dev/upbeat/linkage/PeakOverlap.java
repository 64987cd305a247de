package dev.upbeat.linkage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many of one series' peaks have their nearest peak of another series at the same, the previous or the next position
 * (Table 20). A peak between two peaks of the other series counts as next to the previous one.
 *
 * @param first the series whose peaks are counted
 * @param second the series in which their nearest peak is looked for
 * @param peaks of the first series in scope: where both series are defined and nothing leaves the token out
 * @param same of them at a peak of the second
 * @param previous of them one token after their nearest peak of the second
 * @param next of them one token before their nearest peak of the second
 * @param share (same + previous + next) / peaks; null without peaks
 * @param chance the share expected were the first's peaks anywhere in the scope of their response; null without peaks
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
