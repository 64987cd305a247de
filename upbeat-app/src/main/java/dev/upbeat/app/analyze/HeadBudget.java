package dev.upbeat.app.analyze;

import dev.upbeat.trace.HeadRhythm;
import java.util.List;
import java.util.function.Function;

/**
 * Selects the traces whose series of every head go onto the page: the first ones, as long as there is room. A value
 * takes one byte.
 */
final class HeadBudget {
    /** Budget of a page: one trace of 1,000 tokens and 270 heads. A page of 16 such traces then stays under 3 MB. */
    static final long PAGE_BYTES = 600_000;

    private final Function<String, List<HeadRhythm>> seriesOf;
    private long left;
    private boolean first = true;
    private boolean open = true;

    /** @param seriesOf from a trace's id to the series of its heads; empty if there are none */
    HeadBudget(Function<String, List<HeadRhythm>> seriesOf, long bytes) {
        this.seriesOf = seriesOf;
        this.left = bytes;
    }

    /** The series of the run's next trace; empty if it has none or there is no room left. The first always has room. */
    List<HeadRhythm> next(String trace) {
        if (!open) {
            return List.of();
        }
        List<HeadRhythm> heads = seriesOf.apply(trace);
        left -= heads.stream().mapToLong(own -> 2L * own.waad().length).sum();
        open = !heads.isEmpty() && (first || left >= 0);
        first = false;
        return open ? heads : List.of();
    }
}
