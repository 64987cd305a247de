package dev.upbeat.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservationTest {
    private static final float[] TWO = {1, 2};

    @Test
    void furtherColumnsKeepTheirOrderAndCannotBeChanged() {
        Map<String, float[]> columns = new LinkedHashMap<>();
        columns.put("path_flow", TWO);
        columns.put("hidden_cosine", TWO);
        Observation seen = new Observation(TWO, TWO, TWO, TWO, null, null, null, columns);
        columns.clear();

        assertThat(seen.columns().keySet()).containsExactly("path_flow", "hidden_cosine");
        assertThatThrownBy(() -> seen.columns().remove("path_flow")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void withoutFurtherColumnsThereAreNone() {
        assertThat(new Observation(TWO, TWO, TWO, TWO, null, null, null).columns())
                .isEmpty();
    }

    @Test
    void aColumnOfAnotherLengthIsRefusedByName() {
        Map<String, float[]> columns = Map.of("path_flow", new float[] {1});
        assertThatThrownBy(() -> new Observation(TWO, TWO, TWO, TWO, null, null, null, columns))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 log-probs")
                .hasMessageContaining("1 values of path_flow");
    }
}
