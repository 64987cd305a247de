package dev.upbeat.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Splits the rows of a batch into parts of about the same size, one per worker. */
final class BatchSplit {
    private BatchSplit() {}

    /** Splits rows into {@code count} parts, or into single rows if there are fewer. */
    static List<int[]> of(List<Integer> rows, int count) {
        return of(rows, count, row -> new int[] {row});
    }

    /**
     * Splits rows so that consecutive rows with equal prompts stay in one part, where their prompt runs once, unless
     * the sizes of the parts would then differ by more than half.
     *
     * @param prompts the prompt of each row
     */
    static List<int[]> of(List<Integer> rows, int count, IntFunction<int[]> prompts) {
        List<int[]> parts = new ArrayList<>();
        int start = 0;
        for (int part = 1; part <= count; part++) {
            int end = boundary(rows, prompts, (int) ((long) part * rows.size() / count), rows.size() / (4 * count));
            if (end > start) {
                parts.add(rows.subList(start, end).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
                start = end;
            }
        }
        return parts;
    }

    /**
     * The index nearest to {@code middle} at which another prompt begins; {@code middle} if there is none within {@code
     * maxOffset}.
     */
    private static int boundary(List<Integer> rows, IntFunction<int[]> prompts, int middle, int maxOffset) {
        for (int offset = 0; offset <= maxOffset; offset++) {
            for (int index : new int[] {middle - offset, middle + offset}) {
                boolean begins = index <= 0
                        || index >= rows.size()
                        || !Arrays.equals(prompts.apply(rows.get(index - 1)), prompts.apply(rows.get(index)));
                if (begins) {
                    return index;
                }
            }
        }
        return middle;
    }
}
