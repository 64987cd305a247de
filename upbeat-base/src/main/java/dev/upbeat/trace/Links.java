package dev.upbeat.trace;

import org.jspecify.annotations.Nullable;

/**
 * Links: the strongest earlier keys of each response token in the mean maps of the global and of the local heads,
 * strongest first. Positions are absolute (0 is the first prompt token). Rows with fewer than m earlier tokens are
 * filled with position -1 and weight 0.
 *
 * @param globalPositions [T][m]
 * @param globalWeights attention weight, [T][m]
 * @param localPositions [T][m]
 * @param localWeights attention weight, [T][m]
 * @param flow the strongest edges of the answer flow; null if it is not measured
 */
public record Links(
        int[][] globalPositions,
        float[][] globalWeights,
        int[][] localPositions,
        float[][] localWeights,
        @Nullable FlowEdges flow) {

    /** Links without the edges of the answer flow. */
    public Links(int[][] globalPositions, float[][] globalWeights, int[][] localPositions, float[][] localWeights) {
        this(globalPositions, globalWeights, localPositions, localWeights, null);
    }

    /** The same links with the edges of the answer flow. */
    public Links with(@Nullable FlowEdges edges) {
        return new Links(globalPositions, globalWeights, localPositions, localWeights, edges);
    }
}
