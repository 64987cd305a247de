package dev.upbeat.study.linkage;

import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.Metric;
import dev.upbeat.linkage.ResponsePart;
import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import dev.upbeat.stats.Spearman;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rank correlation of a metric with entropy over all tokens of a response: Spearman's rho of each response, and its mean
 * over responses. Beyond the paper (arXiv 2510.13554), which compares peaks only.
 *
 * @param metric the metric: {@link Metric#GLOBAL_FAI} or {@link Metric#WAAD}
 * @param withinThirds whether a response's rho is the mean over its three thirds, so that position confounds it less
 * @param responses number of responses that count: in each part, both series are defined at {@link #LEAST_TOKENS} tokens
 *     or more and are not constant
 * @param rho mean over these responses, -1 to 1
 * @param interval 95% percentile bootstrap interval over these responses; null for a single response
 * @param pValue two-sided: entropy is shuffled within each response, or within its thirds
 * @param shuffles number of shuffles for the p-value
 */
public record RankCorrelation(
        Metric metric,
        boolean withinThirds,
        int responses,
        double rho,
        @Nullable Interval interval,
        double pValue,
        int shuffles) {
    /** Minimum number of tokens in a part: with two tokens rho is always 1 or -1. */
    private static final int LEAST_TOKENS = 3;

    /** Correlations of FAI and of WAAD, over whole responses and within thirds; absent if no response counts. */
    static List<RankCorrelation> all(List<TokenSeries> responses, LinkageSettings settings) {
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        List<RankCorrelation> all = new ArrayList<>();
        for (Metric metric : List.of(Metric.GLOBAL_FAI, Metric.WAAD)) {
            for (boolean withinThirds : new boolean[] {false, true}) {
                SplittableRandom random = seeds.split();
                Parts parts = new Parts(metric, withinThirds);
                responses.forEach(parts::add);
                if (!parts.rhos.isEmpty()) {
                    all.add(parts.correlation(settings, random));
                }
            }
        }
        return all;
    }

    /** The parts of all responses that have a rho, in order. */
    private static final class Parts {
        private final Metric metric;
        private final boolean withinThirds;
        private final List<ResponsePart> of;
        private final List<double[]> values = new ArrayList<>();
        private final List<double[]> entropies = new ArrayList<>();
        private final List<Double> rhos = new ArrayList<>();

        Parts(Metric metric, boolean withinThirds) {
            this.metric = metric;
            this.withinThirds = withinThirds;
            this.of = withinThirds
                    ? List.of(ResponsePart.FIRST_THIRD, ResponsePart.MIDDLE_THIRD, ResponsePart.LAST_THIRD)
                    : List.of(ResponsePart.WHOLE);
        }

        void add(TokenSeries response) {
            float[] series = metric == Metric.WAAD ? response.waad() : response.fai();
            List<double[]> x = new ArrayList<>();
            List<double[]> y = new ArrayList<>();
            double sum = 0;
            for (ResponsePart part : of) {
                int[] defined = IntStream.range(part.start(series.length), part.end(series.length))
                        .filter(t -> !Float.isNaN(series[t]))
                        .toArray();
                x.add(at(series, defined));
                y.add(at(response.entropyNats(), defined));
                sum += defined.length < LEAST_TOKENS
                        ? Double.NaN
                        : Spearman.rho(x.get(x.size() - 1), y.get(y.size() - 1));
            }
            if (!Double.isNaN(sum)) {
                values.addAll(x);
                entropies.addAll(y);
                rhos.add(sum / of.size());
            }
        }

        private static double[] at(float[] series, int[] positions) {
            return IntStream.of(positions).mapToDouble(t -> series[t]).toArray();
        }

        RankCorrelation correlation(LinkageSettings settings, SplittableRandom random) {
            double[] each = rhos.stream().mapToDouble(Double::doubleValue).toArray();
            return new RankCorrelation(
                    metric,
                    withinThirds,
                    each.length,
                    Arrays.stream(each).average().orElseThrow(),
                    each.length < 2 ? null : Bootstrap.ofMean(each, settings.resamples(), random),
                    Spearman.permutationPValue(values, entropies, settings.shuffles(), random),
                    settings.shuffles());
        }
    }
}
