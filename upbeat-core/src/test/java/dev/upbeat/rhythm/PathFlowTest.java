package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.Seeds;
import org.junit.jupiter.api.Test;

class PathFlowTest {
    @Test
    void flowFollowsTheLinksByWeight() {
        // P = 2; token 3 passes 3/4 to token 1 and 1/4 to token 2, token 2 all to token 1, token 1 half to the prompt
        MeanAttention.StrongestKeys links = new MeanAttention.StrongestKeys(
                new int[][] {{1, 0}, {2, 0}, {3, -1}, {3, 4}},
                new float[][] {{0.5f, 0.25f}, {0.25f, 0.25f}, {0.125f, 0}, {0.375f, 0.125f}});
        assertThat(PathFlow.of(links, 2)).containsExactly(0.5f, 1, 0.25f, 1);
    }

    @Test
    void theOnlyTokenIsWhereTheFlowStarts() {
        MeanAttention.StrongestKeys links =
                new MeanAttention.StrongestKeys(new int[][] {{0, -1}}, new float[][] {{1, 0}});
        assertThat(PathFlow.of(links, 1)).containsExactly(1);
    }

    @Test
    void flowEndsAtATokenWithoutLinks() {
        MeanAttention.StrongestKeys links =
                new MeanAttention.StrongestKeys(new int[][] {{0}, {1}, {2}}, new float[][] {{1}, {0}, {0.5f}});
        assertThat(PathFlow.of(links, 1)).containsExactly(0, 1, 1);
    }

    @Test
    void itIsTheSumOverAllPathsOfTheMap() {
        Seeds.forEach(100, random -> {
            int n = random.nextInt(2, 40);
            int prompt = random.nextInt(1, n);
            int m = random.nextInt(1, 10);
            double[][] map = RandomMaps.causal(random, n);
            NaiveRhythm.StrongestKeys keys = NaiveRhythm.links(map, prompt, m);
            float[][] weights = new float[n - prompt][m];
            for (int t = 0; t < weights.length; t++) {
                for (int i = 0; i < m; i++) {
                    weights[t][i] = (float) keys.weights()[t][i];
                }
            }
            float[] flow = PathFlow.of(new MeanAttention.StrongestKeys(keys.positions(), weights), prompt);
            double[] expected = NaiveRhythm.pathFlow(map, prompt, m);
            for (int t = 0; t < flow.length; t++) {
                assertThat((double) flow[t]).as("token %d", t).isCloseTo(expected[t], within(1e-6));
            }
        });
    }
}
