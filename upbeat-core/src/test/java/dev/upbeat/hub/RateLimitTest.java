package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static RateLimit of(String headers) {
        return RateLimit.of(
                HttpHeaders.of(
                        Arrays.stream(headers.split("\\|"))
                                .collect(Collectors.toMap(
                                        header ->
                                                header.replaceFirst(": .*", "").strip(),
                                        header -> List.of(header.replaceFirst("[^:]*: ", "")
                                                .strip()))),
                        (name, value) -> true),
                NOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            Retry-After: 55                                                                     # 55
            Retry-After: 0.4                                                                    # 1
            Retry-After: Sat, 31 Jan 2026 12:01:30 GMT                                          # 90
            Retry-After: Sat, 31 Jan 2026 11:00:00 GMT                                          # 0
            RateLimit: "resolvers";r=0;t=240                                                    # 240
            RateLimit: "api"; r=0; t=17 | RateLimit-Policy: "fixed window";"api";q=500;w=300    # 17
            Retry-After: 3 | RateLimit: "api";r=0;t=240                                         # 3
            RateLimit-Reset: 60                                                                 # 60
            X-RateLimit-Reset: 45                                                               # 45
            X-RateLimit-Reset: 1769860920                                                       # 120
            X-RateLimit-Reset: 1769860920000                                                    # 120
            """)
    void theServerSaysWhenTheLimitEnds(String headers, long seconds) {
        assertThat(of(headers).remaining()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(of(headers).words(NOW)).contains(seconds + " s", "2026-01-31 12:0", "UTC");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            RateLimit-Policy: "fixed window";"api";q=500;w=300     # 500 requests in 300 s
            RateLimit-Limit: 100                                   # 100 requests
            X-RateLimit-Limit: 1000;w=60                           # 1000 requests
            """)
    void theLimitIsNamed(String headers, String limit) {
        assertThat(of(headers).words(NOW)).contains("(" + limit + ")");
    }

    @Test
    void withoutHeadersTheEndIsUnknown() {
        for (String headers :
                new String[] {"Server: x", "Retry-After: soon", "RateLimit: r=0", "X-RateLimit-Reset: -5"}) {
            assertThat(of(headers).remaining()).isNull();
            assertThat(of(headers).words(NOW)).contains("rate limit", "does not say");
        }
    }
}
