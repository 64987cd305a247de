package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.Shares;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadGroupingTest {
    private static final Horizon HORIZON = new Horizon(10, 100);
    private static final double NAN = Double.NaN;

    private static HeadGroups groups(double rho, Map<Integer, double[]> spans) {
        return HeadGrouping.of(new TreeMap<>(spans), List.of(), new RhythmSettings(rho, 0.1, 10, HORIZON));
    }

    private static SortedMap<Integer, double[]> oneLayer(double... values) {
        return new TreeMap<>(Map.of(0, values));
    }

    @Test
    void localHeadsHaveSmallSpansAndGlobalHeadsLarge() {
        // n = 6, ceil(0.3 * 6) = 2
        HeadGroups groups = groups(0.3, Map.of(4, new double[] {50, 2, 9}, 9, new double[] {3, 80, 7}));
        assertThat(groups.local()).containsExactly(new Head(4, 1), new Head(9, 0));
        assertThat(groups.global()).containsExactly(new Head(4, 0), new Head(9, 1));
        assertThat(groups.layers()).containsExactly(4, 9);
        assertThat(groups.spanTokens().get(9)).containsExactly(3f, 80f, 7f);
        assertThat(groups.settings()).isEqualTo(new RhythmSettings(0.3, 0.1, 10, HORIZON));
    }

    @Test
    void rhoIsReadAsADecimal() {
        double[] spans = new double[10];
        for (int head = 0; head < 10; head++) {
            spans[head] = head;
        }
        assertThat(groups(0.1 * 3, Map.of(0, spans)).local())
                .as("0.1 * 3 is a little more than 0.3 in binary")
                .hasSize(3);
    }

    @Test
    void tiesGoToTheLowerLayerAndHead() {
        // n = 6, two a group
        HeadGroups groups = groups(0.3, Map.of(1, new double[] {5, 1, 1}, 2, new double[] {5, 1, 5}));
        assertThat(groups.local()).containsExactly(new Head(1, 1), new Head(1, 2));
        assertThat(groups.global()).containsExactly(new Head(1, 0), new Head(2, 0));
    }

    @Test
    void theGroupsNeverOverlapEvenWhereAllSpansTie() {
        HeadGroups groups = groups(0.3, Map.of(0, new double[] {4, 4, 4}));
        assertThat(groups.local()).containsExactly(new Head(0, 0));
        assertThat(groups.global()).containsExactly(new Head(0, 1));
    }

    @Test
    void theGroupsNeverOverlapForAnyNumberOfHeads() {
        Seeds.forEach(200, random -> {
            int heads = random.nextInt(2, 40);
            double[] spans = random.ints(heads, 0, 6).asDoubleStream().toArray();
            HeadGroups groups = groups(0.3, Map.of(0, spans));
            assertThat(groups.local()).hasSize(Shares.count(0.3, heads)).doesNotContainAnyElementsOf(groups.global());
            assertThat(groups.global()).hasSameSizeAs(groups.local());
            double largestLocal = groups.local().stream()
                    .mapToDouble(h -> spans[h.head()])
                    .max()
                    .orElseThrow();
            double smallestGlobal = groups.global().stream()
                    .mapToDouble(h -> spans[h.head()])
                    .min()
                    .orElseThrow();
            assertThat(largestLocal).isLessThanOrEqualTo(smallestGlobal);
        });
    }

    @Test
    void twoHeadsAreEnoughAndOneIsAnError() {
        assertThat(groups(0.3, Map.of(0, new double[] {2, 1})).local()).containsExactly(new Head(0, 1));
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> groups(0.3, Map.of(0, new double[] {1})))
                .withMessageContaining("1 head")
                .withMessageContaining("at least 2");
    }

    @Test
    void rhoThatLeavesNoRoomForTwoGroupsIsRefused() {
        assertThat(groups(0.5, Map.of(0, new double[] {1, 2, 3, 4})).global()).hasSize(2);
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> groups(0.5, Map.of(0, new double[] {1, 2, 3})))
                .withMessageContaining("rho 0.5 of 3 heads is 2")
                .withMessageContaining("must not overlap");
        for (double rho : new double[] {0, -1, 1.5, 1e-12, NAN}) {
            assertThatExceptionOfType(BadInputException.class)
                    .isThrownBy(() -> groups(rho, Map.of(0, new double[] {1, 2})))
                    .withMessageContaining(String.valueOf(rho));
        }
    }

    @Test
    void aSpanMustBeFinite() {
        assertThatIllegalArgumentException().isThrownBy(() -> groups(0.3, Map.of(0, new double[] {1, NAN})));
    }
}
