package dev.upbeat.rhythm;

import java.util.SplittableRandom;

/** Attention maps drawn at random. */
final class RandomMaps {
    private RandomMaps() {}

    /** A causal map [N][N]: every row a distribution over the tokens up to its own, some rows sharp and some flat. */
    static double[][] causal(SplittableRandom random, int n) {
        double[][] map = new double[n][n];
        for (int t = 0; t < n; t++) {
            double sharpness = random.nextDouble(8);
            double total = 0;
            for (int s = 0; s <= t; s++) {
                map[t][s] = Math.exp(sharpness * random.nextDouble());
                total += map[t][s];
            }
            for (int s = 0; s <= t; s++) {
                map[t][s] /= total;
            }
        }
        return map;
    }
}
