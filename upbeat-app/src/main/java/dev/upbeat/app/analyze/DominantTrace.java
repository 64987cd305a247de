package dev.upbeat.app.analyze;

import dev.upbeat.trace.Trace;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A trace with over a third of the response tokens of a run. Token-weighted head groups are then mostly those of this trace,
 * and so are the WAAD and FAI of all others.
 *
 * @param id of the trace
 * @param tokens length of its response
 * @param all response tokens of the run
 */
record DominantTrace(String id, long tokens, long all) {
    private static final double SHARE = 1 / 3.0;

    /** Traces of about equal length are not dominated by any, however few they are. */
    private static final double LONGER = 1.25;

    /** The dominant trace of a run; empty if there is none. */
    static Optional<DominantTrace> find(List<Trace> traces) {
        long all =
                traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
        return traces.stream()
                .max(Comparator.comparingInt(trace -> trace.responseIds().length))
                .map(trace -> new DominantTrace(trace.id(), trace.responseIds().length, all))
                .filter(longest -> longest.tokens > SHARE * all && longest.tokens * traces.size() > LONGER * all);
    }

    String warning() {
        return String.format(
                Locale.ROOT,
                "trace %s has %.0f %% of the response tokens (%,d of %,d), so it decides the head groups of all traces;"
                        + " count each response the same by --group-weight response, or take the groups of another run by"
                        + " --heads FILE",
                id,
                100.0 * tokens / all,
                tokens,
                all);
    }
}
