package dev.upbeat.study.choices;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.credit.CreditOptions;
import dev.upbeat.stats.Interval;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChoicesExperimentTest {
    private static final CreditOptions BASE = CreditOptions.of("coupled-rhythm");

    private static Observation rhythm(float[] waad, float[] fai) {
        float[] undefined = new float[waad.length];
        Arrays.fill(undefined, Float.NaN);
        return new Observation(undefined, undefined, waad, fai, null, null, null);
    }

    private static Step step(Observation... seen) {
        String[] ids = new String[seen.length];
        Arrays.setAll(ids, i -> "r" + i);
        return Step.measured(0, 1, List.of(ids), List.of(seen), new float[seen.length]);
    }

    private static ReadingResult result(ChoicesExperiment experiment, String reading) {
        return experiment.readings().stream()
                .filter(each -> each.reading().equals(reading))
                .findFirst()
                .orElseThrow();
    }

    /**
     * D = 0 6 0 0 -: T_loc = {1, 0}, tau_delta = 0. Anchors 1 (WAAD 7, not dominated) and 2 (dominated from 1): gamma 1, 1.75,
     * 1.25, 1, 1. Overwritten, token 1 has the intro's share alone: 1.25.
     */
    @Test
    void overwritingChangesTheTokenThatIsAnchorAndIntro() {
        Observation seen = rhythm(new float[] {7, 7, 1, 1, 1}, new float[] {0, 8, 9, 0, 0});
        ChoicesExperiment experiment = ChoicesExperiment.of(step(seen), BASE, 0);
        assertThat(experiment.tokens()).isEqualTo(5);
        assertThat(experiment.meanGamma()).isCloseTo(6 / 5.0, within(1e-9));
        assertThat(experiment.coupledShare()).isEqualTo(0.5);
        ReadingResult overwrite = result(experiment, "overlap overwrite");
        assertThat(overwrite.changedTokens()).isEqualTo(1);
        assertThat(overwrite.changedShare()).isEqualTo(0.2);
        assertThat(overwrite.meanChange()).isCloseTo(0.5, within(1e-6));
        assertThat(overwrite.meanGamma()).isCloseTo(5.5 / 5, within(1e-6));
        assertThat(overwrite.interval()).as("one response").isNull();
        assertThat(result(experiment, "intro earlier").changedTokens()).isZero();
        assertThat(result(experiment, "intro earlier").meanChange()).isNull();
    }

    @Test
    void sharesPoolTheTokensOfAllResponses() {
        Observation changing = rhythm(new float[] {7, 7, 1, 1, 1}, new float[] {0, 8, 9, 0, 0});
        float[] undefined = new float[15];
        Arrays.fill(undefined, Float.NaN);
        Observation flat = rhythm(new float[15], undefined); // no anchors, every weight is 1
        ReadingResult overwrite = result(ChoicesExperiment.of(step(changing, flat), BASE, 0), "overlap overwrite");
        assertThat(overwrite.changedShare()).isEqualTo(1 / 20.0);
        Interval interval = requireNonNull(overwrite.interval());
        assertThat(interval.low()).isZero();
        assertThat(interval.high()).isEqualTo(0.2);
    }

    @Test
    void theBaseMayHaveOtherOptions() {
        Observation seen = rhythm(new float[] {7, 7, 1, 1, 1}, new float[] {0, 8, 9, 0, 0});
        CreditOptions base = new CreditOptions("coupled-rhythm", Map.of("overlap", "overwrite"));
        ChoicesExperiment experiment = ChoicesExperiment.of(step(seen), base, 0);
        assertThat(result(experiment, "overlap overwrite").changedTokens()).isZero();
    }

    @Test
    void everyReadingIsNamedOnce() {
        assertThat(Reading.ALL)
                .extracting(Reading::name)
                .doesNotHaveDuplicates()
                .contains("tau_delta median, overlap overwrite", "tau_waad q0.25", "lookback 1", "ties later");
    }
}
