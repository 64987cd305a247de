package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.trace.Head;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadTallyTest {
    private static final float NAN = Float.NaN;

    @Test
    void spansAreMeansOverAllTokensNotOverResponses() {
        HeadTally tally = new HeadTally(List.of(4), 1);
        tally.addSpan(new Head(4, 0), 30, 10); // mean 3
        tally.addSpan(new Head(4, 0), 2, 2); // mean 1
        // 32 / 12, where the mean of the two means would be 2
        assertThat(tally.spanTokens().get(4)).containsExactly(32.0 / 12);
    }

    @Test
    void headsAndLayersAreKeptApart() {
        HeadTally tally = new HeadTally(List.of(7, 3), 2);
        for (int layer : new int[] {3, 7}) {
            for (int head = 0; head < 2; head++) {
                tally.addSpan(new Head(layer, head), 10 * layer + head, 1);
            }
        }
        assertThat(tally.spanTokens().keySet()).containsExactly(3, 7);
        assertThat(tally.spanTokens().get(3)).containsExactly(30, 31);
        assertThat(tally.spanTokens().get(7)).containsExactly(70, 71);
    }

    @Test
    void theReceiverScoreIsTheMeanKurtosisOfTheResponsesThatCount() {
        HeadTally tally = new HeadTally(List.of(0), 2);
        Head head = new Head(0, 0);
        tally.addProfile(head, new float[] {1, 2, 3, 4}); // -1.36
        tally.addProfile(head, new float[] {0, 0, NAN, 0, 0, 1, NAN}); // 0.25
        tally.addProfile(head, new float[] {1, 2, 9, NAN}); // 3 defined values: does not count
        tally.addProfile(head, new float[] {2, 2, 2, 2}); // no variance: does not count
        double[] scores = tally.receiverScores().getOrDefault(0, new double[0]);
        assertThat(scores[0]).isCloseTo((-1.36 + 0.25) / 2, within(1e-12));
        assertThat(scores[1]).as("nothing was added").isNaN();
    }

    @Test
    void aHeadWithoutSpanIsNotPassedOver() {
        HeadTally tally = new HeadTally(List.of(0), 2);
        tally.addSpan(new Head(0, 0), 1, 1);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(tally::spanTokens)
                .withMessageContaining("layer 0 head 1");
    }

    @Test
    void whatIsNoCandidateHeadOrNoSumIsRefused() {
        HeadTally tally = new HeadTally(List.of(2), 3);
        assertThatIllegalArgumentException().isThrownBy(() -> tally.addSpan(new Head(1, 0), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> tally.addSpan(new Head(2, 3), 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> tally.addProfile(new Head(2, -1), new float[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> tally.addSpan(new Head(2, 0), Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> tally.addSpan(new Head(2, 0), 0, 0));
    }
}
