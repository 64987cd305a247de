package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.upbeat.trace.Observation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenSeriesTest {
    @Test
    void anObservationGivesItsSeries() {
        float[] logProbs = {-1, -2};
        float[] entropy = {1, 2};
        float[] waad = {3, 4};
        float[] fai = {5, Float.NaN};
        float[] receiverFai = {6, Float.NaN};
        Observation observation = new Observation(logProbs, entropy, waad, fai, receiverFai, null, null);
        TokenSeries series = TokenSeries.of(observation, List.of("a", "b"));
        assertThat(series.entropyNats()).isSameAs(entropy);
        assertThat(series.waad()).isSameAs(waad);
        assertThat(series.fai()).isSameAs(fai);
        assertThat(series.receiverFai()).isSameAs(receiverFai);
        assertThat(series.tokens()).containsExactly("a", "b");
        assertThat(series.length()).isEqualTo(2);
    }

    @Test
    void seriesOfUnequalLengthAreRefused() {
        float[] two = new float[2];
        float[] three = new float[3];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenSeries(two, three, null, two, null))
                .withMessage("series lengths differ: 2 WAAD, 3 FAI, no receiver FAI, 2 entropies, no token texts");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenSeries(two, two, three, two, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenSeries(two, two, two, three, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenSeries(two, two, two, two, List.of("a")));
    }
}
