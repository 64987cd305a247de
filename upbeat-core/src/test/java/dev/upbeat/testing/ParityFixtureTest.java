package dev.upbeat.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.testing.ParityFixture.GoldenRhythm;
import dev.upbeat.testing.ParityFixture.GoldenSeries;
import dev.upbeat.testing.ParityFixture.GoldenTrace;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files are what ParityFixture says they are, and consistent in themselves. */
@NullMarked
class ParityFixtureTest {
    static List<ParityFixture> cases() {
        return ParityFixture.all();
    }

    @Test
    void everyArchitectureStorageAndSpellingHasACase() {
        assertThat(cases())
                .extracting(ParityFixture::name)
                .contains(
                        "llama",
                        "llama-classic",
                        "llama-linear",
                        "llama-linear-classic",
                        "llama-one-kv-head",
                        "llama-sharded",
                        "mistral",
                        "mistral-f16",
                        "qwen2",
                        "qwen2-classic",
                        "qwen2-sliding",
                        "qwen2-sliding-classic",
                        "qwen3",
                        "qwen3-bf16");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTracesHaveTheLengthsThatMatter(ParityFixture fixture) {
        assertThat(fixture.traces())
                .extracting(GoldenTrace::trace)
                .anyMatch(trace -> trace.promptIds().length == 1)
                .anyMatch(trace -> trace.responseIds().length == 1)
                .anyMatch(trace -> trace.responseIds().length > 1 && trace.responseIds().length < 10)
                .anyMatch(trace -> trace.responseIds().length > 110)
                .anyMatch(trace -> trace.temperature() != 1);
        assertThat(fixture.rhythms()).hasSize(2 * 2 * 2);
        assertThat(fixture.greedy()).isNotEmpty().allSatisfy(row -> assertThat(row.newIds())
                .hasSize(40));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theLastScoresFollowFromThePreviousRow(ParityFixture fixture) {
        for (GoldenTrace golden : fixture.traces()) {
            Trace trace = golden.trace();
            int last = trace.responseIds().length - 1;
            double[] logP = logSoftmax(golden.logits()[golden.logits().length - 2], trace.temperature());
            double entropy = -Arrays.stream(logP).map(x -> Math.exp(x) * x).sum();

            assertThat(golden.logProbs()[last]).as(trace.id()).isCloseTo(logP[trace.responseIds()[last]], within(1e-7));
            assertThat(golden.entropyNats()[last]).as(trace.id()).isCloseTo(entropy, within(1e-7));
            assertThat(golden.logitsFrom() + golden.logits().length).isEqualTo(trace.length());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theGroupsAreTheHeadsOfExtremeSpanAndScore(ParityFixture fixture) {
        for (GoldenRhythm rhythm : fixture.rhythms()) {
            Comparator<Head> bySpan = Comparator.comparingDouble(head -> at(rhythm.spanTokens(), head));
            Comparator<Head> byScore = Comparator.comparingDouble(head -> at(rhythm.receiverScores(), head));
            double rho = rhythm.settings().rho();

            assertThat(rhythm.local()).as("%s", rhythm).isEqualTo(first(rhythm, rho, bySpan));
            assertThat(rhythm.global()).as("%s", rhythm).isEqualTo(first(rhythm, rho, bySpan.reversed()));
            assertThat(rhythm.receiver())
                    .as("%s", rhythm)
                    .isEqualTo(first(rhythm, rhythm.settings().receiverRho(), byScore.reversed()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void faiIsUndefinedWithoutLaterTokensInTheHorizon(ParityFixture fixture) {
        for (GoldenRhythm rhythm : fixture.rhythms()) {
            for (int i = 0; i < fixture.traces().size(); i++) {
                GoldenSeries series = rhythm.series().get(i);
                int responseTokens = fixture.traces().get(i).trace().responseIds().length;
                assertThat(series.waad()).hasSize(responseTokens);
                assertThat(series.fai()).hasSize(responseTokens);
                assertThat(series.receiverFai()).hasSize(responseTokens);
                for (int t = 0; t < responseTokens; t++) {
                    assertThat(series.waad()[t])
                            .isBetween(0.0, (double) rhythm.settings().window());
                    boolean undefined = t + rhythm.settings().horizon().lo() >= responseTokens;
                    assertThat(Double.isNaN(series.fai()[t])).isEqualTo(undefined);
                    assertThat(Double.isNaN(series.receiverFai()[t])).isEqualTo(undefined);
                }
            }
        }
    }

    private static double at(SortedMap<Integer, double[]> byLayer, Head head) {
        return Objects.requireNonNull(byLayer.get(head.layer()))[head.head()];
    }

    /** The ceil(share * n) heads that come first by {@code order}, listed by (layer, head). */
    private static List<Head> first(GoldenRhythm rhythm, double share, Comparator<Head> order) {
        List<Head> heads = new ArrayList<>();
        rhythm.spanTokens().forEach((layer, spans) -> {
            for (int head = 0; head < spans.length; head++) {
                heads.add(new Head(layer, head));
            }
        });
        return heads.stream()
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .limit((long) Math.ceil(share * heads.size() - 1e-9))
                .sorted()
                .toList();
    }

    private static double[] logSoftmax(double[] logits, double temperature) {
        double max = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits)
                .map(x -> Math.exp((x - max) / temperature))
                .sum();
        return Arrays.stream(logits)
                .map(x -> (x - max) / temperature - Math.log(sum))
                .toArray();
    }
}
