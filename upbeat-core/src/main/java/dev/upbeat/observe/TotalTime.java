package dev.upbeat.observe;

import java.util.concurrent.atomic.LongAdder;

/** Total duration of work done in any threads. */
final class TotalTime {
    private final LongAdder nanos = new LongAdder();

    /** Runs the work and adds its duration. */
    void time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        nanos.add(System.nanoTime() - start);
    }

    double seconds() {
        return nanos.sum() / 1e9;
    }
}
