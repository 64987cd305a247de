package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.rhythm.StepInfluence.Keys;
import dev.upbeat.testing.Seeds;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepInfluenceTest {
    private final PointerScope scope = new PointerScope();

    @AfterEach
    void freeTensors() {
        scope.close();
    }

    @Test
    void itEqualsThatOfTheDenseMaps() {
        Seeds.forEach(40, random -> {
            int n = random.nextInt(2, 60);
            int prompt = random.nextInt(1, n);
            check(random, n, prompt, random.nextInt(1, 8), RandomLayers.ALL);
        });
    }

    @Test
    void blocksAndTilesDoNotChangeIt() {
        Seeds.forEach(1, random -> {
            check(random, 400, 130, 1, RandomLayers.ALL);
            check(random, 400, 1, 60, RandomLayers.ALL);
            check(random, 400, 20, 15, 30);
        });
    }

    @Test
    void keysOfManyTilesAreAdded() {
        SplittableRandom random = new SplittableRandom(2);
        RandomLayers layers = RandomLayers.drawLong(random, 1300);
        check(layers, 10, steps(random, 1290, 40));
    }

    @Test
    void oneStepOrOneTokenHasNoInfluence() {
        assertThat(influence(layers(14), 4, new int[10])).containsOnly(Float.NaN);
        assertThat(influence(layers(5), 4, new int[1])).containsOnly(Float.NaN);
    }

    @Test
    void theLastFourStepsAreUndefined() {
        float[] influence = influence(layers(10), 4, new int[] {0, 1, 2, 3, 4, 5});
        assertThat(influence[0]).isPositive();
        assertThat(influence[1]).isPositive();
        for (int t = 2; t < 6; t++) {
            assertThat(influence[t]).isNaN();
        }
    }

    private static RandomLayers layers(int n) {
        return RandomLayers.draw(new SplittableRandom(1), n, RandomLayers.ALL);
    }

    private static float[] influence(RandomLayers layers, int prompt, int[] steps) {
        return influence(layers, prompt, steps, Keys.SUM);
    }

    private static float[] influence(RandomLayers layers, int prompt, int[] steps, Keys keys) {
        return StepInfluence.of(layers.layers(), layers.sequence(), prompt, steps, keys);
    }

    /** @param mean mean length of a step, tokens */
    private static void check(SplittableRandom random, int n, int prompt, int mean, int window) {
        int[] steps = steps(random, n - prompt, mean);
        check(RandomLayers.draw(random, n, window), prompt, steps);
    }

    private static int[] steps(SplittableRandom random, int tokens, int mean) {
        int[] steps = new int[tokens];
        for (int t = 1; t < tokens; t++) {
            steps[t] = steps[t - 1] + (random.nextInt(mean) == 0 ? 1 : 0);
        }
        return steps;
    }

    private static void check(RandomLayers layers, int prompt, int[] steps) {
        for (Keys keys : Keys.values()) {
            float[] given = influence(layers, prompt, steps, keys);
            double[] expected = NaiveRhythm.stepInfluence(layers.maps(), prompt, steps, keys == Keys.MEAN);
            assertThat(given).hasSize(expected.length);
            for (int t = 0; t < given.length; t++) {
                if (Double.isNaN(expected[t])) {
                    assertThat(given[t]).as("%s, token %d", keys, t).isNaN();
                } else {
                    assertThat((double) given[t]).as("%s, token %d", keys, t).isCloseTo(expected[t], within(1e-5));
                }
            }
        }
    }
}
