package dev.upbeat.series;

import java.util.SplittableRandom;

/** Random number streams identified by a key such as (seed, step). The same key always gives the same stream. */
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
