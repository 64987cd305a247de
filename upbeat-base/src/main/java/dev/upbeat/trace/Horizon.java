package dev.upbeat.trace;

/**
 * FAI's horizon: the distances [lo, hi], tokens, at which later tokens count (Eq. 10). {@code hi == END} means the end
 * of the response.
 */
public record Horizon(int lo, int hi) {
    public static final int END = Integer.MAX_VALUE;

    public Horizon {
        if (lo < 0 || hi < lo) {
            throw new IllegalArgumentException("horizon " + lo + ":" + hi + " needs 0 <= lo <= hi");
        }
    }

    public boolean open() {
        return hi == END;
    }

    @Override
    public String toString() {
        return lo + ":" + (open() ? "end" : hi);
    }
}
