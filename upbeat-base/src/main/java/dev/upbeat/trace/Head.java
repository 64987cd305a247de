package dev.upbeat.trace;

import java.util.Comparator;

/** A query head of a layer, both numbered from 0. Ordered by (layer, head). */
public record Head(int layer, int head) implements Comparable<Head> {
    private static final Comparator<Head> ORDER =
            Comparator.comparingInt(Head::layer).thenComparingInt(Head::head);

    @Override
    public int compareTo(Head other) {
        return ORDER.compare(this, other);
    }
}
