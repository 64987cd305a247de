package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.stats.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinkageHeadlineTest {
    private static final LinkageKind ENTROPY = LinkageKind.ENTROPY_AT_WAAD_PEAKS;
    private static final LinkageKind FOLLOWS = LinkageKind.FAI_PEAKS_AFTER_WAAD_PEAKS;

    private static LinkageResult result(
            LinkageKind kind, TokenScope scope, double lift, @Nullable Interval interval, double p) {
        return new LinkageResult(
                kind, scope, new PeakTestResult(30, 900, 90, 1 + lift, 1, 1, lift, interval, interval, p, 2000));
    }

    private static LinkageResult clear(LinkageKind kind, TokenScope scope, double lift) {
        return result(kind, scope, lift, new Interval(lift - 0.05, lift + 0.05, 2000), lift > 0 ? 0.001 : 0.999);
    }

    private static String headline(LinkageResult... results) {
        return LinkageHeadline.of(List.of(results), LinkageSettings.DEFAULT);
    }

    @Test
    void aFindingIsStatedIfItsControlsAgree() {
        assertThat(headline(
                        clear(ENTROPY, TokenScope.ALL_TOKENS, 0.2),
                        clear(ENTROPY, TokenScope.WITHOUT_PUNCTUATION, 0.1)))
                .isEqualTo("The model is less certain where it plans.");
        assertThat(headline(
                        clear(FOLLOWS, TokenScope.ALL_TOKENS, -0.2),
                        clear(FOLLOWS, TokenScope.WITHOUT_PUNCTUATION, -0.1),
                        clear(FOLLOWS, TokenScope.WITHOUT_TAIL, -0.3),
                        clear(FOLLOWS, TokenScope.WITHOUT_PUNCTUATION_AND_TAIL, -0.1)))
                .isEqualTo("FAI peaks avoid the places right after planning.");
    }

    @Test
    void aControlOfTheOtherSignIsNamed() {
        assertThat(headline(
                        clear(FOLLOWS, TokenScope.ALL_TOKENS, 0.22),
                        clear(FOLLOWS, TokenScope.WITHOUT_PUNCTUATION, -0.17),
                        clear(FOLLOWS, TokenScope.WITHOUT_TAIL, 0.2),
                        result(
                                FOLLOWS,
                                TokenScope.WITHOUT_PUNCTUATION_AND_TAIL,
                                -0.01,
                                new Interval(-0.1, 0.1, 2000),
                                0.6)))
                .isEqualTo(
                        "FAI peaks at or after preplan points: +22.0% over all tokens, but -17.0% without punctuation"
                                + " and line breaks, no clear difference without punctuation and line breaks and the last 10"
                                + " tokens (-1.0%).");
    }

    @Test
    void aFindingThatOnlyAControlShowsIsNamed() {
        assertThat(headline(
                        result(ENTROPY, TokenScope.ALL_TOKENS, 0.02, new Interval(-0.1, 0.2, 2000), 0.3),
                        clear(ENTROPY, TokenScope.WITHOUT_PUNCTUATION, 0.3)))
                .isEqualTo("Entropy at preplan points: no clear difference over all tokens (+2.0%), but +30.0% without"
                        + " punctuation and line breaks.");
    }

    @Test
    void withoutItsControlsNothingIsStated() {
        assertThat(headline(clear(ENTROPY, TokenScope.ALL_TOKENS, 0.2)))
                .isEqualTo(
                        "Entropy at preplan points: +20.0% over all tokens; not computed without punctuation and line"
                                + " breaks.");
        assertThat(headline(
                        clear(ENTROPY, TokenScope.ALL_TOKENS, 0.2),
                        result(ENTROPY, TokenScope.WITHOUT_PUNCTUATION, 0.2, null, 0.01)))
                .isEqualTo("Entropy at preplan points: +20.0% over all tokens, but too little data without punctuation"
                        + " and line breaks.");
    }

    @Test
    void nothingIsStatedWhereNothingIsClear() {
        assertThat(headline(
                        result(ENTROPY, TokenScope.ALL_TOKENS, 0.02, new Interval(-0.1, 0.2, 2000), 0.3),
                        result(ENTROPY, TokenScope.WITHOUT_PUNCTUATION, 0.2, null, 0.01)))
                .isEqualTo("Entropy at preplan points: no clear difference from chance.");
        assertThat(headline(result(ENTROPY, TokenScope.ALL_TOKENS, 0.2, null, 0.001)))
                .isEqualTo("Entropy at preplan points: too little data.");
    }
}
