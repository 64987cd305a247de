package dev.upbeat.task.countdown;

import dev.upbeat.series.RandomStream;
import java.util.SplittableRandom;

/**
 * Starting values for the embedding and head rows of numbers: cosine and sine of the number at many periods, projected at
 * random. Numbers that agree modulo small divisors, or lie close together, start alike, and a model learns arithmetic much
 * sooner than from independent rows.
 */
public final class NumberFeatures {
    private static final int[] PERIODS = {
        2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 160, 240, 480
    };

    private NumberFeatures() {}

    /**
     * Row n is {@code W f(n)} with {@code f(n) = [cos(2 pi n / p), sin(2 pi n / p)]} over the periods p and W Gaussian, the
     * same for all rows.
     *
     * @param count rows: the numbers 0 to {@code count - 1}
     * @param width E
     * @param rms standard deviation of a row's values over draws of W, so that the rows fit beside others of this deviation
     * @param seed of W
     * @return [count, E]
     */
    public static float[][] rows(int count, int width, double rms, long seed) {
        SplittableRandom random = RandomStream.of(seed);
        // Each period's cos^2 + sin^2 is 1: with this scale every value of a row has variance rms^2.
        double scale = rms / Math.sqrt(PERIODS.length);
        double[][] projection = new double[2 * PERIODS.length][width];
        for (double[] feature : projection) {
            for (int e = 0; e < width; e++) {
                feature[e] = scale * random.nextGaussian();
            }
        }
        float[][] rows = new float[count][width];
        for (int n = 0; n < count; n++) {
            double[] features = features(n);
            for (int e = 0; e < width; e++) {
                double sum = 0;
                for (int f = 0; f < features.length; f++) {
                    sum += features[f] * projection[f][e];
                }
                rows[n][e] = (float) sum;
            }
        }
        return rows;
    }

    private static double[] features(int n) {
        double[] features = new double[2 * PERIODS.length];
        for (int p = 0; p < PERIODS.length; p++) {
            double angle = 2 * Math.PI * (n % PERIODS[p]) / PERIODS[p];
            features[2 * p] = StrictMath.cos(angle);
            features[2 * p + 1] = StrictMath.sin(angle);
        }
        return features;
    }
}
