package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnchorsTest {
    private static final float NAN = Float.NaN;

    /** The median by sorting the window of every position. */
    private static float[] naiveStrength(float[] fai) {
        float[] strength = new float[fai.length];
        for (int t = 0; t < fai.length; t++) {
            int following = fai.length - 1 - t;
            double[] similar = IntStream.range(0, fai.length)
                    .filter(s -> 2 * (fai.length - 1 - s) >= following && fai.length - 1 - s <= 2 * following)
                    .filter(s -> !Float.isNaN(fai[s]))
                    .mapToDouble(s -> fai[s])
                    .sorted()
                    .toArray();
            int middle = similar.length / 2;
            double median = similar.length == 0
                    ? 0
                    : similar.length % 2 == 1
                            ? similar[middle]
                            : ((float) similar[middle - 1] + (float) similar[middle]) / 2;
            strength[t] = following < 10 || Float.isNaN(fai[t]) || median == 0 ? NAN : fai[t] / (float) median;
        }
        return strength;
    }

    @Test
    void strengthIsFaiOverTheMedianOfSimilarPositions() {
        SplittableRandom random = new SplittableRandom(3);
        for (int length : new int[] {1, 9, 11, 12, 40, 41, 257}) {
            float[] fai = new float[length];
            for (int t = 0; t < length; t++) {
                fai[t] = random.nextInt(10) == 0 ? NAN : random.nextInt(8) / 8f;
            }
            assertThat(Anchors.strength(fai)).as("length %d", length).isEqualTo(naiveStrength(fai));
        }
    }

    @Test
    void theLastTokensAndUndefinedOnesAreNoAnchors() {
        float[] fai = new float[30];
        Arrays.fill(fai, 1);
        fai[5] = NAN;
        fai[12] = 3;
        fai[25] = 9;
        assertThat(Anchors.of(fai, 0.3)).containsExactly(12);
        float[] strength = Anchors.strength(fai);
        assertThat(strength[5]).isNaN();
        assertThat(strength[12]).isEqualTo(3);
        assertThat(strength[19]).isEqualTo(1);
        assertThat(Arrays.copyOfRange(strength, 20, 30)).containsOnly(NAN);
    }

    /**
     * FAI of a response of 3,000 tokens whose rows attend to near tokens, to all tokens by random weights, and to 40 planted
     * tokens eight times as much. The horizon is open to the end, so the mean over few near rows rises steeply there.
     */
    @Test
    void plantedAnchorsOfALongResponseAreFoundEverywhere() {
        int length = 3_000;
        SplittableRandom random = new SplittableRandom(7);
        double[] weight = random.doubles(length).map(w -> 0.5 + w).toArray();
        int[] planted = IntStream.range(0, 40).map(i -> 40 + 73 * i).toArray();
        IntStream.of(planted).forEach(t -> weight[t] = 8);
        double[] upTo = new double[length];
        for (int t = 0; t < length; t++) {
            upTo[t] = weight[t] + (t == 0 ? 0 : upTo[t - 1]);
        }
        float[] fai = new float[length];
        for (int s = 0; s < length - 1; s++) {
            double sum = 0;
            for (int t = s + 1; t < length; t++) {
                sum += 0.5 * weight[s] / upTo[t] + 0.5 * Math.exp(-(t - s) / 20.0) / 20;
            }
            fai[s] = (float) (sum / (length - 1 - s));
        }
        fai[length - 1] = NAN;

        assertThat(strongest(fai, 40)).as("by FAI alone").allMatch(t -> t >= length - 60);
        List<Integer> found = strongest(Anchors.strength(fai), 25);
        assertThat(found).allMatch(t -> Arrays.binarySearch(planted, t) >= 0);
        assertThat(found).as("in both halves").anyMatch(t -> t < length / 2).anyMatch(t -> t >= length / 2);
        assertThat(Anchors.of(fai, 0.3)).contains(planted);
    }

    private static List<Integer> strongest(float[] values, int count) {
        return IntStream.range(0, values.length)
                .filter(t -> !Float.isNaN(values[t]))
                .boxed()
                .sorted(Comparator.comparingDouble(t -> -values[t]))
                .limit(count)
                .toList();
    }
}
