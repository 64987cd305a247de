package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads clock times and durations, {@code H:MM} or {@code H:MM:SS}, and tells them from ratios. Digits with two-digit minutes
 * below 60 are compared with another time as a time: {@code 2:15} is not {@code 4:30}. Compared with a ratio or fraction they
 * are a ratio, if they are in lowest terms without a leading zero, a.m. or p.m. Other digits, {@code 2:4}, are never a time.
 */
final class Times {
    private static final Pattern TIME =
            Pattern.compile("\\G(\\d{1,2}) ?: ?([0-5]\\d)(?: ?: ?([0-5]\\d))?(?![\\d.:^!/]| ?:)");
    private static final Pattern HOUR = Pattern.compile("\\G(\\d{1,2})(?!\\d)");
    private static final Pattern HALF = Pattern.compile(
            "\\G *(?:" + Latex.any(Latex.UPRIGHT) + " ?\\{ *)?([aApP])(?:\\. ?[mM]\\.?|[mM]\\b\\.?) *\\}?");
    private static final int LONGEST_FIRST = 59;

    private Times() {}

    /** Reads a time at the cursor; null if there is none. */
    static Expr.@Nullable Time read(Cursor in) {
        boolean possible = in.text.indexOf(':') >= 0 || in.text.indexOf('m') >= 0 || in.text.indexOf('M') >= 0;
        if (!possible || !LatexText.isDigit(in.peek())) {
            return null;
        }
        Matcher time = TIME.matcher(in.text);
        boolean minutes = time.find(in.at);
        Matcher start = minutes ? time : HOUR.matcher(in.text);
        if (!minutes && !start.find(in.at)) {
            return null;
        }
        int hour = Integer.parseInt(start.group(1));
        Matcher half = HALF.matcher(in.text);
        boolean halved = hour >= 1 && hour <= 12 && half.find(start.end());
        boolean followed =
                halved && half.end() < in.text.length() && "^_!*/+-(".indexOf(in.text.charAt(half.end())) >= 0;
        boolean product = !minutes
                && halved
                && LatexText.isLetter(in.text.charAt(start.end()))
                && half.group().matches("[ap]m"); // 3am
        if (followed || (!minutes && !halved) || product || hour > LONGEST_FIRST) {
            return null;
        }
        int second = minutes && time.group(3) != null ? Integer.parseInt(time.group(3)) : -1;
        in.at = halved ? half.end() : start.end();
        return new Expr.Time(
                hour,
                minutes ? Integer.parseInt(time.group(2)) : 0,
                second,
                halved ? half.group(1).toLowerCase(Locale.ROOT) : "",
                minutes && start.group(1).startsWith("0") && start.group(1).length() == 2);
    }

    /** Whether two times are equal; a.m., p.m. and seconds may be missing in one of them. */
    static boolean same(Expr.Time a, Expr.Time b) {
        if (a.minute() != b.minute() || Math.max(a.second(), 0) != Math.max(b.second(), 0)) {
            return false;
        }
        if (a.second() < 0 != b.second() < 0 && a.half().isEmpty() && b.half().isEmpty()) {
            return false; // hours and minutes against minutes and seconds
        }
        if (a.half().isEmpty() == b.half().isEmpty()) {
            return hourOfDay(a) == hourOfDay(b);
        }
        Expr.Time bare = a.half().isEmpty() ? a : b;
        Expr.Time halved = a.half().isEmpty() ? b : a;
        return hourOfDay(halved) == bare.hour() || (bare.hour() <= 12 && bare.hour() == halved.hour());
    }

    private static int hourOfDay(Expr.Time time) {
        return time.half().isEmpty()
                ? time.hour()
                : time.hour() % 12 + (time.half().equals("p") ? 12 : 0);
    }

    /** The ratio with the same digits; null if they can only be a time. */
    static @Nullable Expr ratio(Expr.Time time) {
        boolean ratio = time.half().isEmpty() && !time.leadingZero() && time.hour() > 0 && time.minute() > 9;
        if (!ratio) {
            return null;
        }
        Expr first = Expr.apply(":", Expr.number(time.hour()), Expr.number(time.minute()));
        return time.second() < 0 ? first : Expr.apply(":", first, Expr.number(time.second()));
    }

    static boolean isReduced(Expr.Time time) {
        return BigInteger.valueOf(time.hour())
                .gcd(BigInteger.valueOf(time.minute()))
                .gcd(BigInteger.valueOf(Math.max(0, time.second())))
                .equals(BigInteger.ONE);
    }

    /** The parts of a ratio {@code 1:2:3}, in order. */
    static List<Expr> parts(Expr ratio) {
        if (ratio instanceof Expr.Apply apply && apply.operator().equals(":")) {
            List<Expr> parts = new ArrayList<>(parts(apply.arguments().get(0)));
            parts.add(apply.arguments().get(1));
            return parts;
        }
        return List.of(ratio);
    }
}
