package dev.upbeat.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadGroupsTest {
    private static HeadGroups groups(float span) {
        return new HeadGroups(
                List.of(1),
                new TreeMap<>(Map.of(1, new float[] {2, span})),
                List.of(new Head(1, 0)),
                List.of(new Head(1, 1)),
                List.of(),
                RhythmSettings.TRAINING);
    }

    @Test
    void spansAreComparedByValue() {
        assertThat(groups(5)).isEqualTo(groups(5)).hasSameHashCodeAs(groups(5)).isNotEqualTo(groups(6));
    }
}
