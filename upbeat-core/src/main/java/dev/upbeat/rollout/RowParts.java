package dev.upbeat.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Cuts the rows of a batch into parts of about the same size, one a worker. */
final class RowParts {
    private RowParts() {}

    /** As many parts as asked for, or a row each. */
    static List<int[]> of(List<Integer> rows, int parts) {
        return of(rows, parts, row -> new int[] {row});
    }

    /**
     * Neighbours with equal prompts stay together where the parts differ by no more than half their size for it: they run
     * once.
     *
     * @param prompts the prompt of each row
     */
    static List<int[]> of(List<Integer> rows, int parts, IntFunction<int[]> prompts) {
        List<int[]> cut = new ArrayList<>();
        int start = 0;
        for (int part = 1; part <= parts; part++) {
            int end = boundary(rows, prompts, (int) ((long) part * rows.size() / parts), rows.size() / (4 * parts));
            if (end > start) {
                cut.add(rows.subList(start, end).stream()
                        .mapToInt(Integer::intValue)
                        .toArray());
                start = end;
            }
        }
        return cut;
    }

    /** The place nearest to {@code middle} where another prompt begins; itself where there is none in reach. */
    private static int boundary(List<Integer> rows, IntFunction<int[]> prompts, int middle, int reach) {
        for (int off = 0; off <= reach; off++) {
            for (int at : new int[] {middle - off, middle + off}) {
                boolean begins = at <= 0
                        || at >= rows.size()
                        || !Arrays.equals(prompts.apply(rows.get(at - 1)), prompts.apply(rows.get(at)));
                if (begins) {
                    return at;
                }
            }
        }
        return middle;
    }
}
