package dev.upbeat.app.analyze;

import dev.upbeat.store.RunDirectory;
import dev.upbeat.trace.HeadRhythm;
import java.util.List;

/**
 * Which traces of a run bring every head's own series onto the page: the first ones, as long as there is room. They travel in
 * one byte a value, so that a page of 16 traces of 1,000 tokens and 270 heads stays under 3 MB.
 */
final class HeadBudget {
    /** Of a whole page; a third more in base64. */
    private static final long BYTES = 600_000;

    private final RunDirectory run;
    private long left;
    private boolean first = true;
    private boolean open = true;

    /** @param runs that share the page */
    HeadBudget(RunDirectory run, int runs) {
        this.run = run;
        this.left = BYTES / runs;
    }

    /** The series of the run's next trace; empty where it has none or there is no room left. The first always has room. */
    List<HeadRhythm> next(String trace) {
        if (!open) {
            return List.of();
        }
        List<HeadRhythm> heads = run.headSeries(trace);
        left -= heads.stream().mapToLong(own -> 2L * own.waad().length).sum();
        open = !heads.isEmpty() && (first || left >= 0);
        first = false;
        return open ? heads : List.of();
    }
}
