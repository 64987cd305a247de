package dev.upbeat.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void theNameOfLeastEditDistanceIsNearest() {
        assertThat(Nearest.to("--tread", List.of("--trace", "--text", "--threads")))
                .contains("--threads");
        assertThat(Nearest.to("anaylze", List.of("doctor", "analyze", "query"))).contains("analyze");
    }

    @Test
    void ofTwoEquallyNearTheFirstByAlphabetIsNamed() {
        assertThat(Nearest.to("--b", List.of("--c", "--a"))).contains("--a");
    }

    @Test
    void aNameThatIsLikeNoneIsNearNone() {
        assertThat(Nearest.to("wallpaper", List.of("doctor", "query"))).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }

    @Test
    void distancesAreLevenshteins() {
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("same", "same")).isZero();
    }
}
