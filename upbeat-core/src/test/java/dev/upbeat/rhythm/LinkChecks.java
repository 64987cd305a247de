package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.trace.Links;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Links, positions and weights, [T][m]: keys may change places only where their weights are the same but for rounding. */
public final class LinkChecks {
    private LinkChecks() {}

    /** That these are the strongest earlier keys of a whole map. */
    public static void assertStrongest(
            String what, double[][] map, int P, int[][] positions, float[][] weights, double tolerance) {
        int count = positions[0].length;
        NaiveRhythm.StrongestKeys naive = NaiveRhythm.links(map, P, count);
        assertThat(positions).as(what).hasDimensions(map.length - P, count);
        for (int row = 0; row < positions.length; row++) {
            assertThat(Arrays.stream(positions[row]).filter(s -> s >= 0))
                    .as("%s of response token %d", what, row)
                    .doesNotHaveDuplicates();
            for (int i = 0; i < count; i++) {
                int s = positions[row][i];
                String link = what + " " + i + " of response token " + row;
                assertThat(s < 0).as(link).isEqualTo(naive.positions()[row][i] < 0);
                assertThat((double) weights[row][i]).as(link).isCloseTo(naive.weights()[row][i], within(tolerance));
                assertThat(s).as(link).isLessThan(P + row);
                if (s >= 0) {
                    assertThat(map[P + row][s]).as(link).isCloseTo(weights[row][i], within(tolerance));
                }
            }
        }
    }

    /** That two ways lead to the same links. */
    public static void assertSame(String what, Links given, Links expected, float tolerance) {
        assertSame(
                what + ", global",
                given.globalPositions(),
                given.globalWeights(),
                expected.globalPositions(),
                expected.globalWeights(),
                tolerance);
        assertSame(
                what + ", local",
                given.localPositions(),
                given.localWeights(),
                expected.localPositions(),
                expected.localWeights(),
                tolerance);
    }

    private static void assertSame(
            String what,
            int[][] positions,
            float[][] weights,
            int[][] expectedPositions,
            float[][] expectedWeights,
            float tolerance) {
        for (int row = 0; row < expectedPositions.length; row++) {
            assertThat(weights[row]).as(what).containsExactly(expectedWeights[row], within(tolerance));
            int[] expected = expectedPositions[row];
            for (int i = 0; i < expected.length; i++) {
                int s = positions[row][i];
                // What is not among them can only have been as weak as the last of them.
                int rank = IntStream.range(0, expected.length)
                        .filter(j -> expected[j] == s)
                        .findFirst()
                        .orElse(expected.length - 1);
                assertThat(weights[row][i])
                        .as("%s: key %d as link %d of response token %d", what, s, i, row)
                        .isCloseTo(expectedWeights[row][rank], within(tolerance));
            }
        }
    }
}
