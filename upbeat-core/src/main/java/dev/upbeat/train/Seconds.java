package dev.upbeat.train;

/** Wall-clock time since this was made. */
final class Seconds {
    private final long start = System.nanoTime();

    double passed() {
        return (System.nanoTime() - start) / 1e9;
    }
}
