package dev.upbeat.linkage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.credit.Couplings;
import dev.upbeat.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkStatisticsTest {
    private static final LinkageSettings SETTINGS = LinkageSettings.DEFAULT;

    /** Peaks of WAAD at 2, 5 and 8. */
    private static final float[] WAAD = {1, 2, 9, 4, 3, 8, 1, 2, 7, 1};

    private static TokenSeries series(float[] waad, float[] fai, List<String> tokens) {
        return new TokenSeries(waad, fai, null, new float[waad.length], tokens);
    }

    @Test
    void lengthsAndDepthsAreThoseOfTheChunks() {
        ChunkStatistics beat =
                ChunkStatistics.of(List.of(series(WAAD, new float[10], Collections.nCopies(10, "a"))), SETTINGS);
        assertThat(beat.chunks()).isEqualTo(4);
        assertThat(beat.meanTokens()).isEqualTo(2.5);
        assertThat(beat.quartiles()).containsExactly(2, 2.5, 3);
        assertThat(beat.meanDepth()).isCloseTo((6 + 7 + 6) / 3.0, within(1e-12));
    }

    @Test
    void startsBesideAFullStopAreCounted() {
        List<String> tokens = List.of("a", ".", "b", "c", "d", "e", "f", "g", "h", "i");
        ChunkStatistics beat = ChunkStatistics.of(List.of(series(WAAD, new float[10], tokens)), SETTINGS);
        PeakTestResult boundaries = requireNonNull(beat.boundaries());
        assertThat(boundaries.peaks()).isEqualTo(3);
        assertThat(boundaries.observed()).isCloseTo(1 / 3.0, within(1e-12)); // 2 is beside the full stop at 1
        assertThat(boundaries.chance()).isCloseTo(3 / 10.0, within(1e-12)); // 0, 1 and 2 of ten tokens
    }

    @Test
    void coupledAnchorsAreThoseWithAnIntro() {
        Seeds.forEach(50, random -> {
            float[] waad = new float[random.nextInt(5, 40)];
            float[] fai = new float[waad.length];
            for (int t = 0; t < waad.length; t++) {
                waad[t] = random.nextInt(8);
                fai[t] = t > waad.length - 3 ? Float.NaN : random.nextInt(20);
            }
            Couplings couplings = Couplings.of(waad, fai);
            int anchors = 0;
            int coupled = 0;
            for (int t = 0; t < waad.length; t++) {
                anchors += couplings.anchors()[t] ? 1 : 0;
                coupled += couplings.intros()[t] == Couplings.NONE ? 0 : 1;
            }
            PeakTestResult test = requireNonNull(
                    ChunkStatistics.of(List.of(series(waad, fai, Collections.nCopies(waad.length, "a"))), SETTINGS)
                            .coupled());
            assertThat(test.peaks()).isEqualTo(anchors);
            assertThat(test.observed()).isCloseTo((double) coupled / anchors, within(1e-12));
        });
    }

    /** The naive chance of couplings: anchors are drawn anew, and Eq. 18 is evaluated for the drawn ones. */
    @Test
    void chanceOfCouplingsIsTheMeanUnderShuffles() {
        Random random = new Random(3);
        float[] waad = new float[60];
        float[] fai = new float[60];
        for (int t = 0; t < 60; t++) {
            waad[t] = random.nextInt(10);
            fai[t] = random.nextInt(10);
        }
        double chance = requireNonNull(
                        ChunkStatistics.of(List.of(series(waad, fai, Collections.nCopies(60, "a"))), SETTINGS)
                                .coupled())
                .chance();
        List<Integer> order = new ArrayList<>();
        for (int t = 0; t < 60; t++) {
            order.add(t);
        }
        double sum = 0;
        int draws = 4000;
        for (int draw = 0; draw < draws; draw++) {
            Collections.shuffle(order, random);
            float[] drawn = new float[60];
            for (int t = 0; t < 24; t++) {
                drawn[order.get(t)] = 1; // these 24 = ceil(0.4 * 60) tokens are the anchors
            }
            for (int intro : Couplings.of(waad, drawn).intros()) {
                sum += intro == Couplings.NONE ? 0 : 1.0 / 24;
            }
        }
        assertThat(chance).isCloseTo(sum / draws, within(0.01));
    }

    @Test
    void withoutTextsOrAnchorsTheSharesAreAbsent() {
        float[] undefined = {Float.NaN, Float.NaN, Float.NaN};
        ChunkStatistics beat = ChunkStatistics.of(
                List.of(new TokenSeries(new float[] {1, 2, 1}, undefined, null, new float[3], null)), SETTINGS);
        assertThat(beat.coupled()).isNull();
        assertThat(beat.boundaries()).isNull();
        assertThat(beat.texts()).hasSize(1);
    }

    @Test
    void eachShareIsASentenceWithItsChance() {
        List<String> tokens = List.of("a", ".", "b", "c", "d", "e", "f", "g", "h", "i");
        List<TokenSeries> responses = Collections.nCopies(12, series(WAAD, WAAD, tokens));
        assertThat(ChunkStatistics.of(responses, SETTINGS).texts()).hasSize(3).satisfies(texts -> {
            assertThat(texts.get(0)).contains("2.5 tokens on average", "quartiles 2, 3 and 3", "48 chunks");
            assertThat(texts.get(1)).contains("of 48 tokens of highest FAI", "against", "95% interval");
            assertThat(texts.get(2)).contains("33.3% of 36 WAAD peaks are at most one token", "against 30.0%");
        });
    }
}
