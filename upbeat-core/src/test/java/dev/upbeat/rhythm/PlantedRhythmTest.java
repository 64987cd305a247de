package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.linkage.Linkage;
import dev.upbeat.linkage.LinkageKind;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.Metric;
import dev.upbeat.linkage.OverlapTestResult;
import dev.upbeat.linkage.PeakTestResult;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.linkage.ResponsePart;
import dev.upbeat.linkage.TokenScope;
import dev.upbeat.linkage.TokenSeries;
import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** From maps with a planted rhythm to head groups, peaks and linkages: what was planted is what is found. */
class PlantedRhythmTest {
    private static final int WINDOW = 10;
    private static final Horizon TO_THE_END = new Horizon(1, Horizon.END);

    @Test
    void thePlantedHeadsAreTheGroups() {
        Seeds.forEach(10, random -> {
            HeadGroups groups = groups(PlantedRhythm.draw(random, 160, false, 0.2));
            assertThat(groups.local()).isEqualTo(heads(PlantedRhythm.LOCAL));
            assertThat(groups.global()).isEqualTo(heads(PlantedRhythm.GLOBAL));
        });
    }

    @Test
    void waadPeaksAreTheBeginningsOfChunks() {
        Seeds.forEach(10, random -> {
            PlantedRhythm planted = PlantedRhythm.draw(random, 160, false, 0.2);
            assertThat(f1(Peaks.of(waad(planted), 0.3), planted.beginnings())).isGreaterThanOrEqualTo(0.95);
        });
    }

    @Test
    void faiPeaksAreTheAnchors() {
        Seeds.forEach(10, random -> {
            PlantedRhythm planted = PlantedRhythm.draw(random, 160, false, 0.2);
            assertThat(f1(Peaks.of(fai(planted), 0.3), planted.anchors())).isGreaterThanOrEqualTo(0.95);
        });
    }

    @Test
    void aPlantedLinkageIsFound() {
        PeakTestResult result = faiAfterWaad(true);
        assertThat(result.observed()).isGreaterThan(0.95);
        assertThat(result.pValue()).as("the smallest there is").isEqualTo(1 / (1.0 + result.shuffles()));
        assertThat(result.lift()).isGreaterThan(2);
        assertThat(result.liftInterval()).isNotNull().satisfies(interval -> assertThat(interval.low())
                .isPositive());
    }

    @Test
    void whereNoLinkageWasPlantedNoneIsFound() {
        PeakTestResult result = faiAfterWaad(false);
        assertThat(result.pValue()).isGreaterThan(0.05);
        assertThat(result.liftInterval()).isNotNull().satisfies(interval -> assertThat(interval.low())
                .isNegative());
    }

    /** An anchor directly behind each beginning: shuffles within thirds cannot explain it, nor can a third alone hide it. */
    @Test
    void aPlantedLinkageIsFoundWithinThirds() {
        List<TokenSeries> responses = responses(true);
        List<LinkageSettings> ways = List.of(
                LinkageSettings.DEFAULT.shufflingWithinThirds(),
                LinkageSettings.DEFAULT.over(ResponsePart.FIRST_THIRD),
                LinkageSettings.DEFAULT.over(ResponsePart.MIDDLE_THIRD),
                LinkageSettings.DEFAULT.over(ResponsePart.LAST_THIRD));
        for (LinkageSettings way : ways) {
            PeakTestResult result = faiAfterWaad(responses, way);
            // an anchor may lie in the third behind its beginning's
            assertThat(result.observed()).as("%s", way).isGreaterThan(0.85);
            assertThat(result.pValue()).as("%s", way).isEqualTo(1 / (1.0 + result.shuffles()));
        }
    }

    @Test
    void theOverlapTableShowsThePlantedDistance() {
        OverlapTestResult planted = overlap(true);
        assertThat(planted.overlap().previous())
                .as(
                        "anchors of %s peaks that follow a beginning",
                        planted.overlap().peaks())
                .isGreaterThan((int) (0.95 * planted.overlap().peaks()));
        assertThat(planted.test().observed()).isEqualTo(planted.overlap().share());
        assertThat(planted.test().pValue()).isEqualTo(1 / (1.0 + planted.test().shuffles()));
        assertThat(overlap(false).test().pValue()).isGreaterThan(0.05);
    }

    /** Two series that have nothing in common but that both peak early. */
    @Test
    void effectsOfPositionVanishWithinThirds() {
        SplittableRandom random = new SplittableRandom(4);
        List<TokenSeries> responses = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            responses.add(new TokenSeries(early(random), early(random), null, new float[240], null));
        }
        assertThat(faiAfterWaad(responses, LinkageSettings.DEFAULT).pValue()).isLessThan(0.01);
        assertThat(faiAfterWaad(responses, LinkageSettings.DEFAULT.shufflingWithinThirds())
                        .pValue())
                .isGreaterThan(0.05);
    }

    private static float[] early(SplittableRandom random) {
        float[] series = new float[240];
        for (int t = 0; t < series.length; t++) {
            series[t] = (float) random.nextDouble() + (t < 80 ? 0.5f : 0);
        }
        return series;
    }

    private static OverlapTestResult overlap(boolean coupled) {
        return Linkage.overlapTests(responses(coupled), TokenScope.ALL_TOKENS, LinkageSettings.DEFAULT).stream()
                .filter(each -> each.overlap().first() == Metric.GLOBAL_FAI
                        && each.overlap().second() == Metric.WAAD)
                .findFirst()
                .orElseThrow();
    }

    private static PeakTestResult faiAfterWaad(boolean coupled) {
        return faiAfterWaad(responses(coupled), LinkageSettings.DEFAULT);
    }

    private static PeakTestResult faiAfterWaad(List<TokenSeries> responses, LinkageSettings settings) {
        return Linkage.study(responses, settings).linkages().stream()
                .filter(result -> result.kind() == LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS
                        && result.scope() == TokenScope.ALL_TOKENS)
                .findFirst()
                .orElseThrow()
                .test();
    }

    private static List<TokenSeries> responses(boolean coupled) {
        SplittableRandom random = new SplittableRandom(11);
        List<TokenSeries> responses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            PlantedRhythm planted = PlantedRhythm.draw(random, 120, coupled, 0.2);
            responses.add(new TokenSeries(waad(planted), fai(planted), null, new float[120], null));
        }
        return responses;
    }

    private static HeadGroups groups(PlantedRhythm planted) {
        HeadSpan span = new HeadSpan(List.of(0), PlantedRhythm.HEADS, GroupWeight.TOKEN);
        double[] sums = new double[PlantedRhythm.HEADS];
        for (int head = 0; head < sums.length; head++) {
            sums[head] = NaiveRhythm.spanSum(planted.maps()[head], planted.P(), false);
        }
        span.add(0, sums, planted.maps()[0].length - planted.P());
        return HeadGrouping.of(span.spanTokens(), List.of(), RhythmSettings.ANALYSIS);
    }

    private static float[] waad(PlantedRhythm planted) {
        double[][] mean = NaiveRhythm.mean(planted.maps(), PlantedRhythm.LOCAL);
        return floats(NaiveRhythm.waad(mean, planted.P(), WINDOW, false));
    }

    private static float[] fai(PlantedRhythm planted) {
        double[][] mean = NaiveRhythm.mean(planted.maps(), PlantedRhythm.GLOBAL);
        return floats(NaiveRhythm.fai(mean, planted.P(), TO_THE_END));
    }

    private static double f1(int[] found, List<Integer> planted) {
        long hits = Arrays.stream(found).filter(planted::contains).count();
        return 2.0 * hits / (found.length + planted.size());
    }

    private static List<Head> heads(int[] numbers) {
        return IntStream.of(numbers).mapToObj(head -> new Head(0, head)).toList();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
