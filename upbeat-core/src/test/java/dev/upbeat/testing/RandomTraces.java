package dev.upbeat.testing;

import dev.upbeat.trace.Trace;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/** Traces of random ids. */
@NullMarked
public final class RandomTraces {
    private RandomTraces() {}

    public static Trace of(String id, int promptTokens, int responseTokens, int vocabulary) {
        SplittableRandom random = new SplittableRandom(id.hashCode());
        return new Trace(
                id, ids(random, promptTokens, vocabulary), ids(random, responseTokens, vocabulary), null, 1, null);
    }

    public static int[] ids(SplittableRandom random, int count, int vocabulary) {
        return random.ints(count, 0, vocabulary).toArray();
    }
}
