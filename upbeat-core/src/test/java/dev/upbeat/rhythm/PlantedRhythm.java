package dev.upbeat.rhythm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Attention with a known rhythm. Local heads look far back where a chunk begins and ever nearer within it, so WAAD is a
 * sawtooth with a peak at each beginning. Global heads rest on the first prompt token and, from everywhere later, on the
 * anchors (and half as much on the tokens beside them), so FAI peaks at each anchor. The others look evenly over the last
 * 40 tokens.
 *
 * @param maps [heads][N][N]: three local, four other, three global heads
 * @param P prompt length
 * @param beginnings of chunks, response positions from 0
 * @param anchors response positions from 0
 */
record PlantedRhythm(double[][][] maps, int P, List<Integer> beginnings, List<Integer> anchors) {
    static final int[] LOCAL = {0, 1, 2};
    static final int[] GLOBAL = {7, 8, 9};
    static final int HEADS = 10;

    private static final int WINDOW = 10;

    /**
     * @param coupled each anchor directly follows a beginning; else anchors are placed by themselves
     * @param noise relative noise of every weight
     */
    static PlantedRhythm draw(SplittableRandom random, int T, boolean coupled, double noise) {
        int P = 20;
        List<Integer> beginnings = beats(random, T);
        List<Integer> anchors =
                coupled ? beginnings.stream().map(beginning -> beginning + 1).toList() : beats(random, T);
        double[][][] maps = new double[HEADS][P + T][];
        for (int t = 0; t < P + T; t++) {
            for (int head = 0; head < HEADS; head++) {
                maps[head][t] = head < 3
                        ? localRow(random, t, P, T, beginnings, noise)
                        : head < 7 ? otherRow(t, P + T) : globalRow(random, t, P, T, anchors, noise);
            }
        }
        return new PlantedRhythm(maps, P, beginnings, anchors);
    }

    /** One position every 6 to 10 tokens, clear of the ends. */
    private static List<Integer> beats(SplittableRandom random, int T) {
        List<Integer> beats = new ArrayList<>();
        for (int at = random.nextInt(2, 8); at < T - 6; at += random.nextInt(6, 11)) {
            beats.add(at);
        }
        return beats;
    }

    private static double[] localRow(
            SplittableRandom random, int t, int P, int T, List<Integer> beginnings, double noise) {
        double[] row = new double[P + T];
        int sinceBeginning = WINDOW;
        for (int beginning : beginnings) {
            if (t >= P + beginning) {
                sinceBeginning = t - P - beginning;
            }
        }
        double far = Math.max(0.05, 0.8 - 0.3 * sinceBeginning) * jitter(random, noise);
        row[t] = 1 - far;
        row[Math.max(0, t - WINDOW - 2)] += far;
        return row;
    }

    private static double[] otherRow(int t, int N) {
        double[] row = new double[N];
        int from = Math.max(0, t - 39);
        for (int s = from; s <= t; s++) {
            row[s] = 1.0 / (t - from + 1);
        }
        return row;
    }

    private static double[] globalRow(
            SplittableRandom random, int t, int P, int T, List<Integer> anchors, double noise) {
        double[] row = new double[P + T];
        double rest = 1;
        for (int s = P; s < t; s++) {
            int position = s - P;
            double strength = anchors.contains(position)
                    ? 1
                    : anchors.contains(position - 1) || anchors.contains(position + 1) ? 0.5 : 0.05;
            row[s] = strength * jitter(random, noise) * 2 / T;
            rest -= row[s];
        }
        row[0] += rest;
        return row;
    }

    private static double jitter(SplittableRandom random, double noise) {
        return 1 + noise * (2 * random.nextDouble() - 1);
    }
}
