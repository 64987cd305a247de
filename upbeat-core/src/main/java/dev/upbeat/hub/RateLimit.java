package dev.upbeat.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pause that a server asks for, and its rate limit: {@code Retry-After} (seconds or a date), {@code RateLimit}
 * and {@code RateLimit-Policy} (the hub's), or {@code RateLimit-*} and {@code X-RateLimit-*}.
 *
 * @param limit in words: "5000 requests in 300 s"; null if the server does not say
 * @param remaining time until the limit ends; null if the server does not say
 */
record RateLimit(@Nullable String limit, @Nullable Duration remaining) {
    /** A larger reset is a time in seconds since 1970, not a number of seconds from now. */
    private static final long LARGEST_SECONDS = 1_000_000_000;

    private static final Pattern QUOTA = Pattern.compile("(?:^|;)\\s*q=(\\d{1,12})");
    private static final Pattern WINDOW = Pattern.compile("(?:^|;)\\s*w=(\\d{1,12})");
    private static final Pattern RESET = Pattern.compile("(?:^|;)\\s*(?:t|reset)=(\\d{1,12})");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static RateLimit of(HttpHeaders headers, Instant now) {
        return new RateLimit(limit(headers), remaining(headers, now));
    }

    private static @Nullable Duration remaining(HttpHeaders headers, Instant now) {
        Duration asked = seconds(header(headers, "Retry-After"), now);
        if (asked == null) {
            asked = seconds(match(RESET, header(headers, "RateLimit")), now);
        }
        for (String name : List.of("RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset")) {
            asked = asked == null ? seconds(header(headers, name), now) : asked;
        }
        return asked;
    }

    private static @Nullable Duration seconds(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        if (text.matches("\\d{1,15}(\\.\\d+)?")) {
            long number = (long) Math.ceil(Double.parseDouble(text));
            return number > LARGEST_SECONDS
                    ? until(Instant.ofEpochSecond(number > 100 * LARGEST_SECONDS ? number / 1000 : number), now)
                    : Duration.ofSeconds(number);
        }
        try {
            return until(
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant(),
                    now);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Duration until(Instant end, Instant now) {
        return end.isBefore(now)
                ? Duration.ZERO
                : Duration.ofSeconds(ChronoUnit.SECONDS.between(now, end.plusMillis(999)));
    }

    private static @Nullable String limit(HttpHeaders headers) {
        String policy = header(headers, "RateLimit-Policy");
        String quota = match(QUOTA, policy);
        String window = match(WINDOW, policy);
        for (String name : List.of("RateLimit-Limit", "X-RateLimit-Limit", "X-Rate-Limit-Limit")) {
            String given = header(headers, name);
            quota = quota == null && given != null && given.matches("\\d{1,12}.*")
                    ? given.replaceAll("\\D.*", "")
                    : quota;
        }
        return quota == null ? null : quota + " requests" + (window == null ? "" : " in " + window + " s");
    }

    private static @Nullable String header(HttpHeaders headers, String name) {
        return headers.firstValue(name).map(String::strip).orElse(null);
    }

    private static @Nullable String match(Pattern pattern, @Nullable String text) {
        Matcher matcher = pattern.matcher(text == null ? "" : text);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** For messages: "rate limit reached (5000 requests in 300 s); it ends in 55 s, at 2026-01-31 12:00:55 UTC". */
    String words(Instant now) {
        String which = limit == null ? "" : " (" + limit + ")";
        String end = remaining == null
                ? "; the server does not say when it ends, so wait a few minutes"
                : "; it ends in " + remaining.toSeconds() + " s, at " + TIME.format(now.plus(remaining));
        return "rate limit reached" + which + end;
    }
}
