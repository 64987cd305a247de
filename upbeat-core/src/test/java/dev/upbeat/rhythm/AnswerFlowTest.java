package dev.upbeat.rhythm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.FlowEdges;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerFlowTest {
    private static final double TOLERANCE = 1e-6;
    private static final int EDGES = 3;

    private final PointerScope scope = new PointerScope();

    @AfterEach
    void freeTensors() {
        scope.close();
    }

    @Test
    void throughputEqualsThatOfTheDenseMap() {
        Seeds.forEach(40, random -> {
            int n = random.nextInt(2, 60);
            int prompt = random.nextInt(1, n);
            check(random, n, prompt, randomAnswer(random, n - prompt), RandomLayers.ALL, AnswerFlow.ALL_LINKS);
        });
    }

    @Test
    void onlyTheStrongestLinksCountIfAsked() {
        Seeds.forEach(40, random -> {
            int n = random.nextInt(2, 60);
            int prompt = random.nextInt(1, n);
            check(random, n, prompt, randomAnswer(random, n - prompt), RandomLayers.ALL, random.nextInt(1, 9));
        });
    }

    @Test
    void blocksAndTilesDoNotChangeIt() {
        Seeds.forEach(1, random -> {
            check(random, 257, 130, last(127, 4), RandomLayers.ALL, AnswerFlow.ALL_LINKS);
            check(random, 300, 1, last(299, 2), 20, AnswerFlow.ALL_LINKS);
            check(random, 129, 128, last(1, 1), RandomLayers.ALL, AnswerFlow.ALL_LINKS);
            check(random, 600, 40, last(560, 3), RandomLayers.ALL, AnswerFlow.ALL_LINKS);
            check(random, 600, 40, last(560, 3), RandomLayers.ALL, 4);
        });
    }

    @Test
    void aSlidingWindowHidesFarKeys() {
        Seeds.forEach(20, random -> {
            int n = random.nextInt(20, 60);
            check(random, n, 5, randomAnswer(random, n - 5), random.nextInt(1, 9), random.nextInt(0, 4));
        });
    }

    @Test
    void theOnlyTokenOfAnAnswerTakesTheWholeFlow() {
        AnswerFlow flow = flow(RandomLayers.draw(new SplittableRandom(1), 6, RandomLayers.ALL), 5, last(1, 1));
        assertThat(flow.throughput()[5]).isCloseTo(1, within(TOLERANCE));
        assertThat(flow.response(5)).hasSize(1);
    }

    @Test
    void tokensAfterTheAnswerHaveNoFlow() {
        boolean[] answer = new boolean[10];
        answer[3] = true;
        float[] response = flow(RandomLayers.draw(new SplittableRandom(1), 14, RandomLayers.ALL), 4, answer)
                .response(4);
        assertThat(response[3]).isCloseTo(1, within(1e-6f));
        for (int t = 4; t < 10; t++) {
            assertThat(response[t]).isZero();
        }
    }

    @Test
    void withoutAnAnswerTheFlowIsUndefined() {
        RandomLayers layers = RandomLayers.draw(new SplittableRandom(1), 14, RandomLayers.ALL);
        assertThat(flow(layers, 4, new boolean[10]).response(4)).containsOnly(Float.NaN);
    }

    @Test
    void whatEntersATokenLeavesItOverThousandsOfTokens() {
        int n = 2300;
        RandomLayers layers = RandomLayers.drawLong(new SplittableRandom(5), n);
        AnswerFlow flow = flow(layers, 300, last(2000, 12));
        assertThat(Arrays.stream(flow.reach())).allMatch(h -> h > 0 && h <= 12);
        assertConserved(layers.mean(n), flow, 300, last(2000, 12));
    }

    @Test
    void thousandsOfTokensWithFewLinksConserveTheFlow() {
        int n = 2300;
        RandomLayers layers = RandomLayers.drawLong(new SplittableRandom(5), n);
        AnswerFlow flow = AnswerFlow.of(layers.layers(), layers.sequence(), 300, last(2000, 12), 8, 0);
        assertThat(Arrays.stream(flow.reach())).allMatch(h -> h >= 0 && h <= 12);
        assertConserved(NaiveRhythm.strongest(layers.mean(n), 8), flow, 300, last(2000, 12));
    }

    @Test
    void withoutAnAnswerThereAreNoEdges() {
        RandomLayers layers = RandomLayers.draw(new SplittableRandom(1), 14, RandomLayers.ALL);
        FlowEdges edges = requireNonNull(flow(layers, 4, new boolean[10]).edges());
        assertThat(edges.inPositions()).hasDimensions(10, EDGES);
        assertThat(Arrays.stream(edges.inPositions()).flatMapToInt(Arrays::stream))
                .containsOnly(-1);
        assertThat(Arrays.stream(edges.outPositions()).flatMapToInt(Arrays::stream))
                .containsOnly(-1);
    }

    private static void check(SplittableRandom random, int n, int prompt, boolean[] answer, int window, int links) {
        RandomLayers layers = RandomLayers.draw(random, n, window);
        double[][] mean = layers.mean(n);
        double[][] map = links == AnswerFlow.ALL_LINKS ? mean : NaiveRhythm.strongest(mean, links);
        AnswerFlow flow = AnswerFlow.of(layers.layers(), layers.sequence(), prompt, answer, links, EDGES);
        boolean[] sinks = sinks(prompt, answer);
        assertClose("reach", flow.reach(), NaiveRhythm.reach(map, sinks));
        assertClose("throughput", flow.throughput(), NaiveRhythm.answerFlow(map, prompt, sinks));
        assertConserved(map, flow, prompt, answer);
        assertStrongestEdges(NaiveRhythm.edgeFlows(map, flow.throughput(), sinks), flow, prompt);
    }

    /** The kept edges of each response token have the largest flows of all, at positions that have these flows. */
    private static void assertStrongestEdges(double[][] flows, AnswerFlow flow, int prompt) {
        FlowEdges edges = requireNonNull(flow.edges());
        for (int t = 0; t < edges.inPositions().length; t++) {
            int token = prompt + t;
            double[] in = flows[token];
            double[] out = Arrays.stream(flows).mapToDouble(row -> row[token]).toArray();
            assertStrongest("into " + token, in, edges.inPositions()[t], edges.inFlows()[t]);
            assertStrongest("out of " + token, out, edges.outPositions()[t], edges.outFlows()[t]);
        }
    }

    private static void assertStrongest(String what, double[] flows, int[] positions, float[] kept) {
        double[] expected = Arrays.stream(flows)
                .filter(flow -> flow > 0)
                .map(flow -> -flow)
                .sorted()
                .map(flow -> -flow)
                .toArray();
        for (int i = 0; i < EDGES; i++) {
            assertThat((double) kept[i])
                    .as("%s, edge %d", what, i)
                    .isCloseTo(i < expected.length ? expected[i] : 0, within(TOLERANCE));
            assertThat((double) kept[i])
                    .as("%s, flow of edge %d", what, i)
                    .isCloseTo(positions[i] < 0 ? 0 : flows[positions[i]], within(TOLERANCE));
        }
    }

    /** Inflow and source equal outflow at every token before the answer; the answer receives 1. */
    private static void assertConserved(double[][] map, AnswerFlow flow, int prompt, boolean[] answer) {
        double[] h = flow.reach();
        double[] f = flow.throughput();
        if (Double.isNaN(f[0])) {
            return;
        }
        boolean[] sinks = sinks(prompt, answer);
        double sources = 0;
        for (int i = 0; i < prompt; i++) {
            sources += h[i] > 0 ? 1 : 0;
        }
        double arrived = 0;
        for (int i = 0; i < f.length; i++) {
            double entering = i < prompt && h[i] > 0 ? 1 / sources : 0;
            double leaving = 0;
            for (int j = 0; j < f.length; j++) {
                if (j < i && !sinks[j] && h[j] > 0) {
                    entering += f[j] * map[i][j] * h[i] / h[j];
                } else if (j > i && h[i] > 0) {
                    leaving += f[i] * map[j][i] * h[j] / h[i];
                }
            }
            assertThat(entering).as("enters %d", i).isCloseTo(f[i], within(TOLERANCE));
            if (sinks[i]) {
                arrived += f[i];
            } else {
                assertThat(leaving).as("leaves %d", i).isCloseTo(f[i], within(TOLERANCE));
            }
        }
        assertThat(arrived).isCloseTo(1, within(TOLERANCE));
    }

    private static AnswerFlow flow(RandomLayers layers, int prompt, boolean[] answer) {
        return AnswerFlow.of(layers.layers(), layers.sequence(), prompt, answer, AnswerFlow.ALL_LINKS, EDGES);
    }

    private static boolean[] sinks(int prompt, boolean[] answer) {
        boolean[] sinks = new boolean[prompt + answer.length];
        System.arraycopy(answer, 0, sinks, prompt, answer.length);
        return sinks;
    }

    /** The last {@code count} of T tokens. */
    private static boolean[] last(int responseTokens, int count) {
        boolean[] answer = new boolean[responseTokens];
        for (int t = responseTokens - count; t < responseTokens; t++) {
            answer[t] = true;
        }
        return answer;
    }

    /** A span anywhere in the response; sometimes empty. */
    private static boolean[] randomAnswer(SplittableRandom random, int responseTokens) {
        boolean[] answer = new boolean[responseTokens];
        int start = random.nextInt(responseTokens);
        int end = random.nextInt(start, responseTokens + 1);
        for (int t = start; t < end; t++) {
            answer[t] = true;
        }
        return answer;
    }

    private static void assertClose(String what, double[] given, double[] expected) {
        assertThat(given).hasSize(expected.length);
        for (int i = 0; i < given.length; i++) {
            if (Double.isNaN(expected[i])) {
                assertThat(given[i]).as("%s of %d", what, i).isNaN();
            } else {
                double tolerance = TOLERANCE * Math.max(1, expected[i]); // reach is a sum of up to 60 chances
                assertThat(given[i]).as("%s of %d", what, i).isCloseTo(expected[i], within(tolerance));
            }
        }
    }
}
