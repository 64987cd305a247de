package dev.upbeat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.Seeds;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

/** Draws against the same distribution written out in plain Java. */
class SamplerTest {
    private static final int DRAWS = 20_000;

    @Test
    void greedyTakesTheMostLikelyTokenTheFirstOfEquals() {
        float[] logits = {1, 5, 2, 5, 0, 3, 3, 3};
        try (PointerScope scope = new PointerScope()) {
            Sampler.Drawn drawn =
                    new Sampler(Sampling.greedy(1, Set.of())).draw(Tensors.of(logits, 2, 4), new int[] {0, 1}, 0);
            assertThat(drawn.ids()).containsExactly(1, 1);
            assertThat(drawn.logProbs()[0])
                    .isCloseTo(
                            (float) Math.log(probabilities(Arrays.copyOf(logits, 4), sampling(1, 0, 1))[1]),
                            within(1e-6f));
        }
    }

    @Test
    void frequenciesAreTheProbabilitiesAtTheTemperature() {
        Seeds.forEach(3, random -> check(logits(random, 12), sampling(1, 0, 1)));
        Seeds.forEach(3, random -> check(logits(random, 12), sampling(0.5, 0, 1)));
        Seeds.forEach(3, random -> check(logits(random, 2), sampling(2.5, 0, 1)));
    }

    @Test
    void topKKeepsTiesWithTheLast() {
        Seeds.forEach(4, random -> check(logits(random, 12), sampling(1, 1 + random.nextInt(14), 1)));
        check(new float[] {2, 1, 1, 0, 1, -1}, sampling(1, 2, 1));
        check(new float[] {1, 1, 1, 1}, sampling(1, 1, 1));
    }

    @Test
    void topPKeepsTheFewestTokensThatReachIt() {
        Seeds.forEach(4, random -> check(logits(random, 12), sampling(0.7, 0, 0.05 + 0.9 * random.nextDouble())));
        check(new float[] {0, 0, 0, 0}, sampling(1, 0, 0.5)); // exactly two of four equals
        check(new float[] {3, 0, 3, 0}, sampling(1, 0, 1e-9)); // the first of the most likely
        check(new float[] {9, 0, -9}, sampling(1, 0, 0.99999999)); // as good as all
    }

    @Test
    void topPCountsWhatTopKLeft() {
        Seeds.forEach(4, random -> check(logits(random, 12), sampling(1.3, 5, 0.8)));
    }

    @Test
    void drawsDependOnSeedPromptAndStepOnly() {
        float[] row = logits(new SplittableRandom(1), 1000);
        try (PointerScope scope = new PointerScope()) {
            float[] rows = new float[3000];
            for (int b = 0; b < 3; b++) {
                System.arraycopy(row, 0, rows, b * 1000, 1000);
            }
            Sampler sampler = new Sampler(sampling(1, 0, 1));
            long[] three = sampler.draw(Tensors.of(rows, 3, 1000), new int[] {8, 5, 9}, 7)
                    .ids();
            long[] one =
                    sampler.draw(Tensors.of(row, 1, 1000), new int[] {5}, 7).ids();
            assertThat(one[0]).isEqualTo(three[1]);
            assertThat(three).doesNotHaveDuplicates();
            assertThat(sampler.draw(Tensors.of(row, 1, 1000), new int[] {5}, 8).ids()[0])
                    .isNotEqualTo(one[0]);
            Sampler other = new Sampler(new Sampling(1, 1, 0, 1, 4, Set.of()));
            assertThat(other.draw(Tensors.of(row, 1, 1000), new int[] {5}, 7).ids()[0])
                    .isNotEqualTo(one[0]);
        }
    }

    @Test
    void stepsAndPromptsAreDrawnApart() {
        int[] prompts = IntStream.range(0, DRAWS).toArray();
        try (PointerScope scope = new PointerScope()) {
            Sampler sampler = new Sampler(sampling(1, 0, 1));
            long[] first = sampler.draw(Tensors.of(new float[4 * DRAWS], DRAWS, 4), prompts, 0)
                    .ids();
            long[] second = sampler.draw(Tensors.of(new float[4 * DRAWS], DRAWS, 4), prompts, 1)
                    .ids();
            int[] steps = new int[16];
            int[] neighbours = new int[16];
            for (int b = 0; b < DRAWS; b++) {
                steps[(int) (4 * first[b] + second[b])]++;
                neighbours[(int) (4 * first[b] + first[(b + 1) % DRAWS])]++;
            }
            double[] uniform = new double[16];
            Arrays.fill(uniform, 1 / 16.0);
            assertDrawn(steps, uniform);
            assertDrawn(neighbours, uniform);
        }
    }

    private static void check(float[] logits, Sampling sampling) {
        double[] kept = probabilities(logits, sampling);
        double[] all = probabilities(logits, sampling(sampling.temperature(), 0, 1));
        int v = logits.length;
        float[] rows = new float[DRAWS * v];
        for (int b = 0; b < DRAWS; b++) {
            System.arraycopy(logits, 0, rows, b * v, v);
        }
        try (PointerScope scope = new PointerScope()) {
            Sampler.Drawn drawn = new Sampler(sampling)
                    .draw(Tensors.of(rows, DRAWS, v), IntStream.range(0, DRAWS).toArray(), 0);
            int[] counts = new int[v];
            for (int b = 0; b < DRAWS; b++) {
                int id = (int) drawn.ids()[b];
                counts[id]++;
                assertThat((double) drawn.logProbs()[b]).isCloseTo(Math.log(all[id]), within(2e-6));
            }
            assertDrawn(counts, kept);
        }
    }

    /** Pearson's chi-square; its bound is passed by chance once in some 10,000 tables. */
    private static void assertDrawn(int[] counts, double[] probabilities) {
        double chiSquare = 0;
        int freedom = -1;
        for (int id = 0; id < counts.length; id++) {
            double expected = DRAWS * probabilities[id];
            if (expected == 0) {
                assertThat(counts[id])
                        .as("draws of token %d, which is left out", id)
                        .isZero();
            } else {
                chiSquare += (counts[id] - expected) * (counts[id] - expected) / expected;
                freedom++;
            }
        }
        assertThat(chiSquare)
                .as("chi-square of %s against %s", Arrays.toString(counts), Arrays.toString(probabilities))
                .isLessThan(freedom + 4 * Math.sqrt(2 * freedom) + 8);
    }

    /** What tokens are drawn with, f64; 0 for those that top-k and top-p leave out. */
    private static double[] probabilities(float[] logits, Sampling sampling) {
        double[] weights = IntStream.range(0, logits.length)
                .mapToDouble(id -> Math.exp(logits[id] / sampling.temperature()))
                .toArray();
        if (sampling.topK() > 0 && sampling.topK() < logits.length) {
            double last = Arrays.stream(weights).sorted().toArray()[logits.length - sampling.topK()];
            weights = Arrays.stream(weights).map(w -> w < last ? 0 : w).toArray();
        }
        double[] probabilities = normalised(weights);
        if (sampling.topP() == 1) {
            return probabilities;
        }
        int[] byProbability = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> probabilities[id])
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        double[] kept = new double[logits.length];
        double sum = 0;
        for (int id : byProbability) {
            if (sum < sampling.topP()) {
                kept[id] = probabilities[id];
            }
            sum += probabilities[id];
        }
        return normalised(kept);
    }

    private static double[] normalised(double[] weights) {
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / total).toArray();
    }

    private static float[] logits(SplittableRandom random, int vocabulary) {
        float[] logits = new float[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            logits[id] = (float) (1.2 * random.nextGaussian());
        }
        return logits;
    }

    private static Sampling sampling(double temperature, int topK, double topP) {
        return new Sampling(1, temperature, topK, topP, 3, Set.of());
    }
}
