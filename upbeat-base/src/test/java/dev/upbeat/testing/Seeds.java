package dev.upbeat.testing;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Property tests over a range of seeds. The seed of a failure is printed; {@code -Dupbeat.seed=S} replays it alone. */
public final class Seeds {
    private Seeds() {}

    public static void forEach(int count, Consumer<SplittableRandom> property) {
        Long only = Long.getLong("upbeat.seed");
        long first = only == null ? 0 : only;
        long end = only == null ? count : only + 1;
        for (long seed = first; seed < end; seed++) {
            try {
                property.accept(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("replay with -Dupbeat.seed=" + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** Values on a coarse grid, so that ties and plateaus are common; one in ten undefined. */
    public static float[] coarseSeries(SplittableRandom random, int length) {
        float[] series = new float[length];
        for (int i = 0; i < length; i++) {
            series[i] = random.nextInt(10) == 0 ? Float.NaN : random.nextInt(5);
        }
        return series;
    }
}
