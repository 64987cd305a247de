package dev.upbeat.rhythm;

import java.util.Arrays;

/**
 * The m strongest links of each of some tokens among all that are offered, strongest first; of equal ones the one that
 * is offered first. Memory is O(tokens * m).
 */
final class StrongestLinks {
    private final int[][] positions;
    private final double[][] weights;

    /** @param count m, at least 1 */
    StrongestLinks(int tokens, int count) {
        positions = new int[tokens][count];
        weights = new double[tokens][count];
        for (int[] row : positions) {
            Arrays.fill(row, -1);
        }
    }

    /** Offers a link of a token to a position; a weight of 0 is no link. */
    void offer(int token, int position, double weight) {
        double[] row = weights[token];
        int i = row.length - 1;
        if (!(weight > row[i])) {
            return;
        }
        int[] at = positions[token];
        for (; i > 0 && weight > row[i - 1]; i--) {
            row[i] = row[i - 1];
            at[i] = at[i - 1];
        }
        row[i] = weight;
        at[i] = position;
    }

    /** Positions of the links, filled with -1, [tokens][m]. */
    int[][] positions() {
        return positions;
    }

    /** Weights of the links, filled with 0, [tokens][m]. */
    double[][] weights() {
        return weights;
    }

    /** Weights in 32 bits, [tokens][m]. */
    float[][] floats() {
        float[][] floats = new float[weights.length][];
        for (int t = 0; t < floats.length; t++) {
            floats[t] = new float[weights[t].length];
            for (int i = 0; i < floats[t].length; i++) {
                floats[t][i] = (float) weights[t][i];
            }
        }
        return floats;
    }
}
