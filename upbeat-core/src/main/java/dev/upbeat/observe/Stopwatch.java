package dev.upbeat.observe;

import dev.upbeat.model.AttentionTap;

/** Adds up the time of pieces of work. */
final class Stopwatch {
    private long nanos;

    void time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        nanos += System.nanoTime() - start;
    }

    /** The tap, whose every look is timed. */
    AttentionTap timed(AttentionTap tap) {
        return new AttentionTap() {
            @Override
            public boolean wants(int layer) {
                return tap.wants(layer);
            }

            @Override
            public void see(int layer, Seen seen) {
                time(() -> tap.see(layer, seen));
            }
        };
    }

    double seconds() {
        return nanos / 1e9;
    }
}
