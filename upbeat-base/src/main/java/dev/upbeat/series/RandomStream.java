package dev.upbeat.series;

import java.util.Collections;
import java.util.List;
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

    /** Puts the elements of a list, which may be changed, into a random order. */
    public static <T> void shuffle(List<T> list, SplittableRandom random) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, random.nextInt(i + 1));
        }
    }
}
