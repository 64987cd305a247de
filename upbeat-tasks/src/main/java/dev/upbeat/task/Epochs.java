package dev.upbeat.task;

import dev.upbeat.series.RandomStream;
import java.util.SplittableRandom;

/** The order of a finite set of problems in training: each epoch is shuffled anew. */
public final class Epochs {
    private Epochs() {}

    /**
     * The problems of one step.
     *
     * @param step from 0
     * @param count problems a step
     * @param size of the set
     * @return numbers in [0, size), [count]
     */
    public static int[] indices(long seed, long step, int count, int size) {
        if (step < 0 || count < 1 || size < 1) {
            throw new IllegalArgumentException("step " + step + ", " + count + " of " + size
                    + " problems: expected a step from 0 and at least one problem");
        }
        int[] indices = new int[count];
        long epoch = -1;
        int[] order = {};
        for (int i = 0; i < count; i++) {
            long position = Math.addExact(Math.multiplyExact(step, (long) count), i);
            if (position / size != epoch) {
                epoch = position / size;
                order = shuffled(size, RandomStream.of(seed, epoch));
            }
            indices[i] = order[(int) (position % size)];
        }
        return indices;
    }

    private static int[] shuffled(int size, SplittableRandom random) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
