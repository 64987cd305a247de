package dev.upbeat.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static Retries retries() {
        return new Retries(5, Duration.ofSeconds(1), Duration.ofSeconds(6));
    }

    private static long[] seconds(Retries retries, int count) {
        return IntStream.range(0, count)
                .mapToLong(i -> retries.next().toSeconds())
                .toArray();
    }

    @Test
    void pausesDoubleUpToTheLimit() {
        assertThat(seconds(retries(), 5)).containsExactly(1, 2, 4, 6, 6);
    }

    @Test
    void progressStartsTheCountAndThePausesOver() {
        Retries retries = retries();
        seconds(retries, 4);
        retries.reset();
        assertThat(retries.count()).isZero();
        assertThat(seconds(retries, 5)).containsExactly(1, 2, 4, 6, 6);
    }

    @Test
    void noRetryFollowsTheLast() {
        Retries retries = retries();
        seconds(retries, 5);
        assertThat(retries.count()).isEqualTo(retries.most());
        assertThatThrownBy(retries::next).hasMessageContaining("5");
    }
}
