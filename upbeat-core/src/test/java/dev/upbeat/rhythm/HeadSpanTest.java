package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.upbeat.trace.GroupWeight;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadSpanTest {
    @Test
    void spansAreMeansOverAllTokensNotOverResponses() {
        HeadSpan span = new HeadSpan(List.of(4), 1, GroupWeight.TOKEN);
        span.add(4, new double[] {30}, 10); // mean 3
        span.add(4, new double[] {2}, 2); // mean 1
        // 32 / 12, where the mean of the two means would be 2
        assertThat(span.spanTokens().get(4)).containsExactly(32.0 / 12);
    }

    @Test
    void byResponseSpansAreMeansOverResponses() {
        HeadSpan span = new HeadSpan(List.of(4), 1, GroupWeight.RESPONSE);
        span.add(4, new double[] {30}, 10); // mean 3
        span.add(4, new double[] {2}, 2); // mean 1
        HeadSpan other = new HeadSpan(List.of(4), 1, GroupWeight.RESPONSE);
        other.add(4, new double[] {400}, 50); // mean 8
        span.add(other);
        assertThat(span.spanTokens().get(4)).containsExactly((3 + 1 + 8) / 3.0);
        HeadSpan byToken = new HeadSpan(List.of(4), 1, GroupWeight.TOKEN);
        assertThatIllegalArgumentException().isThrownBy(() -> byToken.add(span));
    }

    @Test
    void addingTheSumsOfOthersIsAddingTheirResponses() {
        HeadSpan first = new HeadSpan(List.of(4), 1, GroupWeight.TOKEN);
        first.add(4, new double[] {30}, 10);
        HeadSpan second = new HeadSpan(List.of(4), 1, GroupWeight.TOKEN);
        second.add(4, new double[] {2}, 2);
        first.add(second);
        assertThat(first.spanTokens().get(4)).containsExactly(32.0 / 12);
        assertThat(second.spanTokens().get(4)).as("unchanged").containsExactly(1);
    }

    @Test
    void headsAndLayersAreKeptApart() {
        HeadSpan span = new HeadSpan(List.of(7, 3), 2, GroupWeight.TOKEN);
        for (int layer : new int[] {3, 7}) {
            span.add(layer, new double[] {10 * layer, 10 * layer + 1}, 1);
        }
        assertThat(span.spanTokens().keySet()).containsExactly(3, 7);
        assertThat(span.spanTokens().get(3)).containsExactly(30, 31);
        assertThat(span.spanTokens().get(7)).containsExactly(70, 71);
    }

    @Test
    void aLayerWithoutSpanIsAnError() {
        HeadSpan span = new HeadSpan(List.of(0, 1), 1, GroupWeight.TOKEN);
        span.add(0, new double[] {1}, 1);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(span::spanTokens)
                .withMessageContaining("layer 1");
    }

    @Test
    void unknownLayersAndBadSumsAreRejected() {
        HeadSpan span = new HeadSpan(List.of(2), 1, GroupWeight.TOKEN);
        assertThatIllegalArgumentException().isThrownBy(() -> span.add(1, new double[1], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> span.add(2, new double[2], 1));
        assertThatIllegalArgumentException().isThrownBy(() -> span.add(2, new double[] {Double.NaN}, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> span.add(2, new double[1], 0));
    }
}
