package dev.upbeat.linkage;

import dev.upbeat.stats.Bootstrap;
import dev.upbeat.stats.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares the mean score at peaks with chance: permutation p-value and bootstrap intervals. */
final class PeakStatistic {
    /**
     * Relative tolerance: the sum of the same scores in another order differs by rounding, and a shuffle with that sum
     * counts as equal to the observed one.
     */
    private static final double ROUNDING = 1e-12;

    private final List<ScoredPeaks> responses;
    private final LinkageSettings settings;
    private final SplittableRandom random;
    private final boolean spaced;
    private final double pValue;

    /** For each response, the expected sum of scores at its shuffled peaks. */
    private final double[] expectedSums;

    /**
     * @param responses each with at least one token, and with at least one peak in total
     * @param spaced whether shuffled peaks, like peaks, are never neighbours among the tokens in scope. A stratum with too
     *     many peaks for that is shuffled freely
     */
    PeakStatistic(List<ScoredPeaks> responses, boolean spaced, LinkageSettings settings, SplittableRandom random) {
        this.responses = responses;
        this.settings = settings;
        this.random = random;
        this.spaced = spaced;
        double[] shuffledSums = new double[responses.size()];
        this.pValue = shuffle(shuffledSums);
        // A free shuffle puts each peak at each token with the same probability, so the mean over all shuffles is
        // known.
        this.expectedSums = spaced
                ? shuffledSums
                : responses.stream().mapToDouble(ScoredPeaks::expectedSum).toArray();
    }

    PeakTestResult test() {
        int[] everyResponse = IntStream.range(0, responses.size()).toArray();
        double observed = observed(everyResponse);
        double chance = chance(everyResponse);
        double lift = lift(observed, chance);
        int tokens = responses.stream().mapToInt(ScoredPeaks::tokens).sum();
        double[] observedDraws = new double[settings.resamples()];
        double[] liftDraws = new double[settings.resamples()];
        for (int i = 0; i < settings.resamples(); i++) {
            int[] resample = random.ints(responses.size(), 0, responses.size()).toArray();
            observedDraws[i] = observed(resample);
            liftDraws[i] = lift(observedDraws[i], chance(resample));
        }
        return new PeakTestResult(
                responses.size(),
                tokens,
                responses.stream().mapToInt(ScoredPeaks::peaks).sum(),
                observed,
                chance,
                responses.stream().mapToDouble(ScoredPeaks::tokenSum).sum() / tokens,
                Double.isNaN(lift) ? null : lift,
                interval(observedDraws),
                interval(liftDraws),
                pValue,
                settings.shuffles());
    }

    /**
     * Shuffles the peaks of each stratum among its tokens and keeps their number.
     *
     * @param means output: for each response, the mean over shuffles of its sum of scores at shuffled peaks
     * @return the p-value
     */
    private double shuffle(double[] means) {
        List<List<Pool>> pools = responses.stream()
                .map(response -> response.strata().stream().map(this::pool).toList())
                .toList();
        double observed = responses.stream().mapToDouble(ScoredPeaks::peakSum).sum();
        double bar = observed - ROUNDING * Math.abs(observed);
        int atLeastAsHigh = 0;
        for (int i = 0; i < settings.shuffles(); i++) {
            double total = 0;
            for (int r = 0; r < means.length; r++) {
                double sum = 0;
                for (Pool pool : pools.get(r)) {
                    sum += pool.places == null
                            ? drawSum(pool.scores, pool.peaks)
                            : drawSpacedSum(pool.scores, pool.places, pool.peaks);
                }
                means[r] += sum / settings.shuffles();
                total += sum;
            }
            atLeastAsHigh += total >= bar ? 1 : 0;
        }
        return (1.0 + atLeastAsHigh) / (1.0 + settings.shuffles());
    }

    /**
     * A stratum during repeated shuffles.
     *
     * @param scores scores of its tokens; free shuffles change their order, spaced shuffles do not
     * @param places 0 .. n - peaks, in an order that spaced shuffles change; null for free shuffles
     */
    private record Pool(double[] scores, int @Nullable [] places, int peaks) {}

    private Pool pool(ScoredPeaks.Stratum stratum) {
        int places = stratum.scores().length - stratum.peaks() + 1;
        return spaced && stratum.peaks() <= places
                ? new Pool(stratum.scores(), IntStream.range(0, places).toArray(), stratum.peaks())
                : new Pool(stratum.scores().clone(), null, stratum.peaks());
    }

    /**
     * The sum of {@code count} scores drawn without neighbours. Every choice without neighbours has the same probability:
     * count places are drawn from 0 .. n - count, and the j-th smallest (from 0) stands for token place + j.
     */
    private double drawSpacedSum(double[] scores, int[] places, int count) {
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, places.length);
            int drawn = places[j];
            places[j] = places[i];
            places[i] = drawn;
        }
        Arrays.sort(places, 0, count);
        double sum = 0;
        for (int j = 0; j < count; j++) {
            sum += scores[places[j] + j];
        }
        return sum;
    }

    /**
     * The sum of {@code count} scores drawn without replacement: the first steps of a Fisher-Yates shuffle. The shuffle may
     * start from any order, so the order of the pool is not restored.
     */
    private double drawSum(double[] pool, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, pool.length);
            double drawn = pool[j];
            pool[j] = pool[i];
            pool[i] = drawn;
            sum += drawn;
        }
        return sum;
    }

    private double observed(int[] chosen) {
        return meanAtPeaks(chosen, r -> responses.get(r).peakSum());
    }

    private double chance(int[] chosen) {
        return meanAtPeaks(chosen, r -> expectedSums[r]);
    }

    /** Sum over the chosen responses divided by the number of their peaks; NaN if they have no peak. */
    private double meanAtPeaks(int[] chosen, IntToDoubleFunction sum) {
        double sums = 0;
        int counts = 0;
        for (int r : chosen) {
            sums += sum.applyAsDouble(r);
            counts += responses.get(r).peaks();
        }
        return sums / counts;
    }

    /** (observed - chance) / chance; NaN if chance is 0. */
    private static double lift(double observed, double chance) {
        return chance == 0 ? Double.NaN : (observed - chance) / chance;
    }

    private @Nullable Interval interval(double[] draws) {
        if (responses.stream().filter(response -> response.peaks() > 0).count() < 2) {
            return null; // every resample would give the same value, and the interval would have no width
        }
        return Bootstrap.ofDraws(draws);
    }
}
