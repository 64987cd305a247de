package dev.upbeat.rhythm;

import dev.upbeat.trace.Horizon;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * docs/method.md, sections 2 and 3 by the letter, from a full attention map: the twin that the streaming kernels are
 * held against.
 *
 * <p>A map is {@code double[N][N]}, {@code map[t][s]} the weight of query t on key s: each row sums to 1, 0 for s > t.
 * {@code P} is the prompt length; response positions R = P .. N-1, T = N - P of them. Series are over R: index 0 is
 * position P. {@code predictor} is the alignment of docs/method.md, section 1: false, the row of x_t is row t (token);
 * true, it is row t-1, the row that predicts x_t.
 */
public final class NaiveRhythm {
    private NaiveRhythm() {}

    /** Eq. 7: mean over t in R of sum_{s <= row} A[row][s] * (row - s), in tokens. */
    public static double span(double[][] map, int P, boolean predictor) {
        return spanSum(map, P, predictor) / (map.length - P);
    }

    /** The sum over R that {@link #span} is the mean of. */
    public static double spanSum(double[][] map, int P, boolean predictor) {
        double sum = 0;
        for (int t = P; t < map.length; t++) {
            int row = predictor ? t - 1 : t;
            for (int s = 0; s <= row; s++) {
                sum += map[row][s] * (row - s);
            }
        }
        return sum;
    }

    /** Eq. 9: sum_{s <= row} A[row][s] * min(row - s, W) for each t in R, in tokens, [T]. */
    public static double[] waad(double[][] map, int P, int W, boolean predictor) {
        double[] waad = new double[map.length - P];
        for (int t = P; t < map.length; t++) {
            int row = predictor ? t - 1 : t;
            for (int s = 0; s <= row; s++) {
                waad[t - P] += map[row][s] * Math.min(row - s, W);
            }
        }
        return waad;
    }

    /**
     * Eq. 10: for each s in R the mean of A[t][s] over the t in R with lo <= t - s <= hi, [T]; NaN where there is none. The
     * same in both alignments.
     */
    public static double[] fai(double[][] map, int P, Horizon horizon) {
        double[] fai = new double[map.length - P];
        for (int s = P; s < map.length; s++) {
            double sum = 0;
            int rows = 0;
            for (int t = P; t < map.length; t++) {
                if (t - s >= horizon.lo() && t - s <= horizon.hi()) {
                    sum += map[t][s];
                    rows++;
                }
            }
            fai[s - P] = rows == 0 ? Double.NaN : sum / rows;
        }
        return fai;
    }

    /**
     * Receiver heads' column profile: for each s in R the mean of A[t][s] over the t in R with t - s >= gap, [T]; NaN where
     * there is none.
     */
    public static double[] profile(double[][] map, int P, int gap) {
        return fai(map, P, new Horizon(gap, Horizon.END));
    }

    /** The plain mean of the maps of a group of heads, [heads][N][N] -> [N][N]: Abar of docs/method.md, section 2. */
    public static double[][] mean(double[][][] maps, int... group) {
        int n = maps[group[0]].length;
        double[][] mean = new double[n][n];
        for (int head : group) {
            for (int t = 0; t < n; t++) {
                for (int s = 0; s < n; s++) {
                    mean[t][s] += maps[head][t][s] / group.length;
                }
            }
        }
        return mean;
    }

    /**
     * For each query t in R the m strongest strictly earlier keys s < t, larger weights first, ties to the earlier position.
     */
    public static StrongestKeys links(double[][] map, int P, int m) {
        int responseTokens = map.length - P;
        int[][] positions = new int[responseTokens][m];
        double[][] weights = new double[responseTokens][m];
        for (int t = P; t < map.length; t++) {
            double[] row = map[t];
            Integer[] earlier = new Integer[t];
            Arrays.setAll(earlier, s -> s);
            Arrays.sort(
                    earlier,
                    Comparator.<Integer>comparingDouble(s -> row[s])
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()));
            for (int i = 0; i < m; i++) {
                positions[t - P][i] = i < t ? earlier[i] : -1;
                weights[t - P][i] = i < t ? row[earlier[i]] : 0;
            }
        }
        return new StrongestKeys(positions, weights);
    }

    /**
     * The flow through each response token, [T]: what starts as 1 at the last one is moved along all m strongest links at
     * once, again and again, until none of it is left in the response; every visit counts.
     */
    public static double[] pathFlow(double[][] map, int P, int m) {
        int T = map.length - P;
        StrongestKeys links = links(map, P, m);
        double[] visits = new double[T];
        double[] here = new double[T];
        here[T - 1] = 1;
        for (int step = 0; step < T; step++) {
            double[] next = new double[T];
            for (int t = 0; t < T; t++) {
                visits[t] += here[t];
                double total = Arrays.stream(links.weights[t]).sum();
                for (int i = 0; i < m; i++) {
                    if (links.positions[t][i] >= P) {
                        next[links.positions[t][i] - P] += here[t] * links.weights[t][i] / total;
                    }
                }
            }
            here = next;
        }
        return visits;
    }

    /**
     * The answer flow of every token, [N]: each prompt token with a path to the answer starts with the same share of 1.
     * Again and again all tokens pass on what they hold, in proportion to the weights times the reach of the token that
     * attends to them, until all is in the answer; every visit counts. NaN everywhere if no prompt token has a path.
     *
     * @param answer whether each of the N tokens belongs to the answer
     */
    public static double[] answerFlow(double[][] map, int P, boolean[] answer) {
        int n = map.length;
        double[] reach = reach(map, answer);
        double sources = Arrays.stream(reach, 0, P).filter(h -> h > 0).count();
        double[] visits = new double[n];
        if (sources == 0) {
            Arrays.fill(visits, Double.NaN);
            return visits;
        }
        double[] here = new double[n];
        for (int i = 0; i < P; i++) {
            here[i] = reach[i] > 0 ? 1 / sources : 0;
        }
        for (int round = 0; round < n; round++) {
            double[] next = new double[n];
            for (int i = 0; i < n; i++) {
                visits[i] += here[i];
                for (int k = i + 1; k < n && !answer[i] && here[i] > 0; k++) {
                    next[k] += here[i] * map[k][i] * reach[k] / reach[i];
                }
            }
            here = next;
        }
        return visits;
    }

    /**
     * The map in which each row has only its m largest weights to earlier tokens, divided by their sum; of equal ones the
     * earliest.
     */
    static double[][] strongest(double[][] map, int m) {
        int n = map.length;
        double[][] strongest = new double[n][n];
        for (int t = 0; t < n; t++) {
            double[] row = map[t];
            int[] kept = IntStream.range(0, t)
                    .boxed()
                    .sorted(Comparator.comparingDouble(s -> -row[s]))
                    .limit(m)
                    .filter(s -> row[s] > 0)
                    .mapToInt(s -> s)
                    .toArray();
            double total = Arrays.stream(kept).mapToDouble(s -> row[s]).sum();
            for (int s : kept) {
                strongest[t][s] = row[s] / total;
            }
        }
        return strongest;
    }

    /**
     * The flow of every edge, [to][from].
     *
     * @param throughput of every token, [N]
     */
    static double[][] edgeFlows(double[][] map, double[] throughput, boolean[] answer) {
        int n = map.length;
        double[] reach = reach(map, answer);
        double[][] flows = new double[n][n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < k; i++) {
                flows[k][i] = answer[i] || reach[i] == 0 ? 0 : throughput[i] * map[k][i] * reach[k] / reach[i];
            }
        }
        return flows;
    }

    /** h of every token, [N]: the answer's tokens have 1, and each round all others take it from later tokens. */
    static double[] reach(double[][] map, boolean[] answer) {
        int n = map.length;
        double[] reach = new double[n];
        for (int round = 0; round < n; round++) {
            double[] next = new double[n];
            for (int i = 0; i < n; i++) {
                next[i] = answer[i] ? 1 : 0;
                for (int k = i + 1; k < n && !answer[i]; k++) {
                    next[i] += map[k][i] * reach[k];
                }
            }
            reach = next;
        }
        return reach;
    }

    /**
     * The influence of each token's step, [T]: in each head the attention from all steps at least 4 later, as a mean over
     * the rows of each; the largest of all heads. NaN for the last 4 steps.
     *
     * @param maps [heads][N][N]
     * @param steps step of each response token, [T]
     * @param meanKeys whether attention is averaged over the tokens of the step, not summed
     */
    public static double[] stepInfluence(List<double[][]> maps, int P, int[] steps, boolean meanKeys) {
        int count = Arrays.stream(steps).max().orElseThrow() + 1;
        double[] influence = new double[steps.length];
        for (int t = 0; t < steps.length; t++) {
            influence[t] = Double.NaN;
            int step = steps[t];
            double tokens = Arrays.stream(steps).filter(k -> k == step).count();
            for (double[][] map : maps) {
                double sum = Double.NaN;
                for (int j = steps[t] + 4; j < count; j++) {
                    sum = (Double.isNaN(sum) ? 0 : sum) + alpha(map, P, steps, j, step) / (meanKeys ? tokens : 1);
                }
                influence[t] = Double.isNaN(influence[t]) ? sum : Math.max(influence[t], sum);
            }
        }
        return influence;
    }

    private static double alpha(double[][] map, int P, int[] steps, int j, int k) {
        double sum = 0;
        int rows = 0;
        for (int t = 0; t < steps.length; t++) {
            for (int s = 0; steps[t] == j && s < steps.length; s++) {
                sum += steps[s] == k ? map[P + t][P + s] : 0;
            }
            rows += steps[t] == j ? 1 : 0;
        }
        return sum / rows;
    }

    /** Keys [T][m], strongest first; rows with fewer than m earlier tokens are filled with position -1 and weight 0. */
    public record StrongestKeys(int[][] positions, double[][] weights) {}
}
