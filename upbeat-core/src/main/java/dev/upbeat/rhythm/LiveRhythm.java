package dev.upbeat.rhythm;

import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import java.util.HashSet;
import java.util.Set;

/**
 * WAAD and FAI of a response while it is decoded (arXiv 2510.13554, Eq. 9-10): the row of a token gives its WAAD, and adds to
 * the FAI of the earlier tokens. When the response is finished, the values are those of {@code observe.Observer} with the same
 * head groups, up to rounding.
 */
public final class LiveRhythm {
    private final HeadGroups groups;
    private final int prompt;
    private final Set<Integer> layers = new HashSet<>();
    private final double[] received;
    private double waad;
    private int rows;

    /**
     * @param groups head groups, window and horizon
     * @param prompt P, number of prompt tokens
     * @param most most tokens of the response
     */
    public LiveRhythm(HeadGroups groups, int prompt, int most) {
        this.groups = groups;
        this.prompt = prompt;
        this.received = new double[most];
        groups.local().forEach(head -> layers.add(head.layer()));
        groups.global().forEach(head -> layers.add(head.layer()));
    }

    /** Whether a layer has local or global heads. */
    public boolean wants(int layer) {
        return layers.contains(layer);
    }

    /**
     * Adds a layer of the row of the next response token.
     *
     * @param firstKey position of the first key
     * @param weights attention to the keys from firstKey to the token itself, row-major, [H, n]
     * @param heads H
     */
    public void add(int layer, int firstKey, float[] weights, int heads) {
        int n = weights.length / heads;
        int token = prompt + rows;
        int window = groups.settings().window();
        for (Head head : groups.local()) {
            if (head.layer() == layer) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += (double) weights[head.head() * n + k] * Math.min(token - firstKey - k, window);
                }
                waad += sum / groups.local().size();
            }
        }
        Horizon horizon = groups.settings().horizon();
        for (Head head : groups.global()) {
            if (head.layer() == layer) {
                for (int s = Math.max(0, firstKey - prompt); s <= rows; s++) {
                    int distance = rows - s;
                    if (distance >= horizon.lo() && distance <= horizon.hi()) {
                        received[s] += (double) weights[head.head() * n + prompt + s - firstKey]
                                / groups.global().size();
                    }
                }
            }
        }
    }

    /** Ends the row of the token and returns its WAAD, tokens. */
    public float endRow() {
        float result = (float) waad;
        waad = 0;
        rows++;
        return result;
    }

    /** FAI of the tokens whose rows have ended, [rows], NaN where no later token is within the horizon yet. */
    public float[] fai() {
        float[] sums = new float[rows];
        for (int s = 0; s < rows; s++) {
            sums[s] = (float) received[s];
        }
        return Fai.mean(sums, groups.settings().horizon());
    }
}
