package dev.upbeat.linkage;

import dev.upbeat.stats.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Formats a linkage as one sentence with its chance level, interval and p-value. */
public final class LinkageText {
    private static final String SHUFFLED = "when they are shuffled within their response";

    private LinkageText() {}

    /** @param settings settings of the result */
    public static String sentence(LinkageResult result, LinkageSettings settings) {
        String text =
                scope(result.scope(), settings) + finding(result, settings) + ": " + lift(result.test(), true) + ".";
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String finding(LinkageResult result, LinkageSettings settings) {
        PeakTestResult test = result.test();
        String among = format("all %,d tokens of %s", test.tokens(), counted(test.responses(), "response"));
        return switch (result.kind()) {
            case ENTROPY_AT_WAAD_PEAKS ->
                format(
                        "entropy averages %.3f nats at %s, against %.3f nats " + SHUFFLED + " (%.3f nats over %s)",
                        test.observed(),
                        counted(test.peaks(), "WAAD peak"),
                        test.chance(),
                        test.pooled(),
                        among);
            case FAI_PEAKS_AT_RECEIVER_PEAKS ->
                format(
                        "%s of %s are FAI peaks too, against %s " + SHUFFLED + " (%s of %s)",
                        percent(test.observed()),
                        counted(test.peaks(), "receiver-FAI peak"),
                        percent(test.chance()),
                        percent(test.pooled()),
                        among);
            case FAI_PEAKS_AFTER_WAAD_PEAKS ->
                format(
                        "%s of %s coincide with a WAAD peak or follow one by at most %s, against %s " + SHUFFLED
                                + " (%s of %s)",
                        percent(test.observed()),
                        counted(test.peaks(), "FAI peak"),
                        counted(settings.lag(), "token"),
                        percent(test.chance()),
                        percent(test.pooled()),
                        among);
        };
    }

    /** @param remark whether it says that the interval of few responses is too narrow */
    private static String lift(PeakTestResult test, boolean remark) {
        String p = "permutation p of a rise = "
                + new BigDecimal(test.pValue(), new MathContext(2))
                        .stripTrailingZeros()
                        .toPlainString();
        if (test.lift() == null) {
            return "no lift, because chance is zero (" + p + ")";
        }
        Interval interval = test.liftInterval();
        String range = interval == null
                ? "no interval, because fewer than 2 responses have such peaks"
                : format("95%% interval %s to %s", signedPercent(interval.low()), signedPercent(interval.high()));
        if (remark && test.intervalsTooNarrow()) {
            range += format(", of only %s, which makes it too narrow", counted(test.responses(), "response"));
        }
        return format("%s (%s; %s)", signedPercent(test.lift()), range, p);
    }

    private static String scope(TokenScope scope, LinkageSettings settings) {
        return scope == TokenScope.ALL_TOKENS ? "" : "without " + omitted(scope, settings) + ", ";
    }

    /** The tokens that a scope leaves out, in words. */
    static String omitted(TokenScope scope, LinkageSettings settings) {
        List<String> left = new ArrayList<>();
        if (scope.dropsPunctuation()) {
            left.add("punctuation and line breaks");
        }
        if (scope.dropsTail()) {
            left.add("the last " + counted(settings.tail(), "token"));
        }
        return String.join(" and ", left);
    }

    /**
     * The same linkage over the tokens of each control, as one sentence; empty if no control was computed. It follows
     * {@link #sentence}, which says whether the intervals are too narrow.
     *
     * @param results of one kind, over all scopes
     */
    public static Optional<String> controls(List<LinkageResult> results, LinkageSettings settings) {
        LinkageKind kind = results.get(0).kind();
        return results.stream().noneMatch(result -> kind.controls().contains(result.scope()))
                ? Optional.empty()
                : Optional.of(computedControls(kind, results, settings));
    }

    private static String computedControls(LinkageKind kind, List<LinkageResult> results, LinkageSettings settings) {
        return kind.controls().stream()
                .map(scope -> "without " + omitted(scope, settings) + " "
                        + results.stream()
                                .filter(result -> result.scope() == scope)
                                .findFirst()
                                .map(result -> lift(result.test(), false))
                                .orElse("not computed"))
                .collect(Collectors.joining("; ", "Controls: ", "."));
    }

    /** A sentence that gives a share of tokens and its chance level. */
    static String share(PeakTestResult test, String one, String many, String what) {
        return format(
                "%s of %,d %s %s %s, against %s " + SHUFFLED + ": %s.",
                percent(test.observed()),
                test.peaks(),
                test.peaks() == 1 ? one : many,
                test.peaks() == 1 ? "is" : "are",
                what,
                percent(test.chance()),
                lift(test, true));
    }

    static String counted(int count, String noun) {
        return format("%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    private static String percent(double share) {
        return format("%.1f%%", 100 * share);
    }

    static String signedPercent(double ratio) {
        return format("%+.1f%%", 100 * ratio);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
