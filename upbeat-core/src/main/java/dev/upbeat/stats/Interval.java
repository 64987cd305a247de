package dev.upbeat.stats;

/** A 95 % interval, in the unit of what it is of. */
public record Interval(double low, double high) {
    /** Whether a value lies in it, its ends included. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
