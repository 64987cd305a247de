package dev.upbeat.task.zebra;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds all solutions of a puzzle. For each value it keeps the set of possible houses as bits. Clues remove houses, and each
 * attribute gives each house to one value, until nothing changes; then the value with the fewest houses is tried in each.
 */
final class GridSolver {
    private static final int MOST_HOUSES = GridSize.MOST;
    private static final int KINDS = ClueKind.values().length;

    /** [kind][1 if negated][mask of the first's houses] -> mask of the second's houses; houses beyond N do no harm. */
    private static final int[][][] SECOND = reach(1);
    /** The same from the second to the first. */
    private static final int[][][] FIRST = reach(-1);

    private final int houses;
    private final int attributes;
    private final List<Clue> clues;

    GridSolver(int houses, int attributes, List<Clue> clues) {
        this.houses = houses;
        this.attributes = attributes;
        this.clues = clues;
    }

    static GridSolver of(ZebraPuzzle puzzle) {
        return new GridSolver(puzzle.houses(), puzzle.attributes().size(), puzzle.clues());
    }

    /**
     * @param most solutions to look for; 2 show whether there is exactly one
     * @return distinct solutions, each the house of every value, from 0
     */
    List<int[]> solutions(int most) {
        return solutions(most, -1);
    }

    /** Whether a clue is needed: the other clues allow a solution that breaks it. */
    boolean isNeeded(int clue) {
        return !solutions(1, clue).isEmpty();
    }

    private List<int[]> solutions(int most, int negated) {
        int[] open = new int[houses * attributes];
        Arrays.fill(open, (1 << houses) - 1);
        List<int[]> found = new ArrayList<>();
        search(open, most, negated, found);
        return found;
    }

    private void search(int[] open, int most, int negated, List<int[]> found) {
        if (!propagate(open, negated)) {
            return;
        }
        int value = tightest(open);
        if (value < 0) {
            found.add(houses(open));
            return;
        }
        for (int left = open[value]; left != 0 && found.size() < most; left &= left - 1) {
            int[] tried = open.clone();
            tried[value] = left & -left;
            search(tried, most, negated, found);
        }
    }

    /** Removes impossible houses; false if a value has no house left or a house no value. */
    private boolean propagate(int[] open, int negated) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < clues.size(); i++) {
                changed |= narrow(open, clues.get(i), i == negated ? 1 : 0);
            }
            for (int attribute = 0; attribute < attributes; attribute++) {
                changed |= exclude(open, attribute * houses);
            }
            for (int mask : open) {
                if (mask == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean narrow(int[] open, Clue clue, int negated) {
        int kind = clue.kind().ordinal();
        int first = open[clue.first()];
        if (clue.kind().namesHouse()) {
            open[clue.first()] &= FIRST[kind][negated][1 << clue.second()];
            return open[clue.first()] != first;
        }
        int second = open[clue.second()];
        open[clue.first()] &= FIRST[kind][negated][second];
        open[clue.second()] &= SECOND[kind][negated][open[clue.first()]];
        return open[clue.first()] != first || open[clue.second()] != second;
    }

    /** Each house has one value of the attribute, each value one house; a house without any empties the first value. */
    private boolean exclude(int[] open, int from) {
        boolean changed = false;
        int once = 0;
        int more = 0;
        for (int i = from; i < from + houses; i++) {
            more |= once & open[i];
            once |= open[i];
        }
        if (once != (1 << houses) - 1) {
            changed = open[from] != 0;
            open[from] = 0;
            return changed;
        }
        int only = once & ~more; // houses that a single value can still have
        for (int i = from; i < from + houses; i++) {
            int alone = open[i] & only;
            if (alone != 0 && alone != open[i]) {
                open[i] = Integer.bitCount(alone) == 1 ? alone : 0; // two houses for one value: no solution
                changed = true;
            }
            if (Integer.bitCount(open[i]) == 1) {
                for (int j = from; j < from + houses; j++) {
                    if (j != i && (open[j] & open[i]) != 0) {
                        open[j] &= ~open[i];
                        changed = true;
                    }
                }
            }
        }
        return changed;
    }

    /** The value with the fewest houses but more than one; -1 if all are placed. */
    private static int tightest(int[] open) {
        int best = -1;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < open.length; i++) {
            int count = Integer.bitCount(open[i]);
            if (count > 1 && count < fewest) {
                best = i;
                fewest = count;
            }
        }
        return best;
    }

    private static int[] houses(int[] open) {
        int[] houses = new int[open.length];
        for (int i = 0; i < open.length; i++) {
            houses[i] = Integer.numberOfTrailingZeros(open[i]);
        }
        return houses;
    }

    private static int[][][] reach(int direction) {
        int[][][] reach = new int[KINDS][2][1 << MOST_HOUSES];
        for (ClueKind kind : ClueKind.values()) {
            for (int mask = 0; mask < 1 << MOST_HOUSES; mask++) {
                for (int from = 0; from < MOST_HOUSES; from++) {
                    for (int to = 0; to < MOST_HOUSES && (mask >> from & 1) == 1; to++) {
                        int negated = kind.holds(direction * (to - from)) ? 0 : 1;
                        reach[kind.ordinal()][negated][mask] |= 1 << to;
                    }
                }
            }
        }
        return reach;
    }
}
