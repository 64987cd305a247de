package dev.upbeat.series;

import java.util.SplittableRandom;

/** Random numbers that belong to a key such as (seed, step): the same key gives the same stream, whoever asks, whenever. */
public final class RandomStream {
    private RandomStream() {}

    public static SplittableRandom of(long seed, long... keys) {
        SplittableRandom random = new SplittableRandom(seed);
        for (long key : keys) {
            random = new SplittableRandom(random.nextLong() ^ key);
        }
        return random;
    }
}
