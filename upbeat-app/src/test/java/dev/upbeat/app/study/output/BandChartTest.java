package dev.upbeat.app.study.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BandChartTest {
    @Test
    void aCurveOfOneValueIsAPoint() {
        BandChart.Curve one = new BandChart.Curve(
                "uniform (2)", new double[] {20}, new double[] {50}, new double[] {45}, new double[] {55});
        String svg = BandChart.of("accuracy", Axis.Limits.PERCENT, "step", List.of(one));
        assertThat(svg).contains("<circle class=\"c0\"").doesNotContain("NaN");
        BandChart.Curve two = new BandChart.Curve(
                "uniform (2)", new double[] {20, 40}, new double[] {50, 50}, new double[] {45, 45}, new double[] {55, 55
                });
        assertThat(BandChart.of("accuracy", Axis.Limits.PERCENT, "step", List.of(two)))
                .doesNotContain("<circle");
    }
}
