package dev.upbeat.task.countdown;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * All steps of the bundled model on three numbers: an operation on two of them (the root), then one on its result and
 * the third (the leaf). All numbers are whole, from 1 to 99.
 */
final class SearchSpace {
    static final int LARGEST_RESULT = 99;

    private SearchSpace() {}

    /** {@code left operation right = result}; the larger operand is on the left. */
    record Step(int left, Operation operation, int right, int result) {}

    /**
     * @param step on two of the numbers
     * @param rest the third
     * @param leaves every step on the result and the rest, at least one
     */
    record Root(Step step, int rest, List<Step> leaves) {
        boolean reaches(int target) {
            return leaves.stream().anyMatch(leaf -> leaf.result() == target);
        }
    }

    /** Distinct roots, in the order of the pairs (first and second, first and third, second and third) and operations. */
    static List<Root> roots(int a, int b, int c) {
        Set<Root> roots = new LinkedHashSet<>();
        addRoots(a, b, c, roots);
        addRoots(a, c, b, roots);
        addRoots(b, c, a, roots);
        return List.copyOf(roots);
    }

    private static void addRoots(int x, int y, int rest, Set<Root> roots) {
        for (Step step : steps(x, y)) {
            List<Step> leaves = steps(step.result(), rest);
            if (!leaves.isEmpty()) {
                roots.add(new Root(step, rest, leaves));
            }
        }
    }

    private static List<Step> steps(int x, int y) {
        int larger = Math.max(x, y);
        int smaller = Math.min(x, y);
        List<Step> steps = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            OptionalInt result = operation.apply(larger, smaller, LARGEST_RESULT);
            if (result.isPresent()) {
                steps.add(new Step(larger, operation, smaller, result.getAsInt()));
            }
        }
        return steps;
    }

    /** Results of leaves from {@code least} that differ from all three numbers; distinct, ascending. */
    static int[] targets(int a, int b, int c, int least) {
        return roots(a, b, c).stream()
                .flatMap(root -> root.leaves().stream())
                .mapToInt(Step::result)
                .filter(value -> value >= least && value != a && value != b && value != c)
                .distinct()
                .sorted()
                .toArray();
    }
}
