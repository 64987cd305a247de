package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads units after a number, as written in LaTeX: {@code \text{ N}\cdot\text{m}}, {@code \mathrm{~m}/\mathrm{s}^2},
 * {@code \frac{\text{m}}{\text{s}}}, {@code km/h}.
 */
final class UnitReader {
    private static final Set<String> JOINING = Set.of("and", "or", "", "if", "for", "where");

    /** Upright letters that are names or constants rather than units. */
    private static final String NAMES = "eidjxyzpqrbunokP";

    private static final Pattern EXPONENT = Pattern.compile("\\G ?\\^ ?(?:\\{ ?[-+]?\\d{1,2} ?\\}|-?\\d)");
    private static final Pattern METRES = Pattern.compile("\\Gm ?/ ?(?:s(?:ec)?(?:\\^(?:2|\\{2\\}))?|min|h)\\.? *$");

    private final Cursor in;

    UnitReader(Cursor in) {
        this.in = in;
    }

    /**
     * Reads the unit at the cursor, in one spelling; null if there is none.
     *
     * @param spaced whether a space is before it
     */
    @Nullable
    String read(boolean spaced) throws Undecided {
        int start = in.at;
        StringBuilder unit = new StringBuilder();
        if (!factor(unit, true)) {
            in.at = start;
            return spaced ? symbols() : null;
        }
        further(unit);
        return Units.of(unit.toString());
    }

    private void further(StringBuilder unit) throws Undecided {
        while (true) {
            int before = in.at;
            int length = unit.length();
            unit.append(joint());
            if (!factor(unit, false)) {
                in.at = before;
                unit.setLength(length);
                return;
            }
        }
    }

    /** {@code 15 m/s}: letters alone, up to the end. Other letters are variables. */
    private @Nullable String symbols() {
        Matcher matcher = METRES.matcher(in.text);
        if (!matcher.find(in.at)) {
            return null;
        }
        in.at = in.text.length();
        return Units.of(matcher.group());
    }

    private String joint() {
        String command = in.command();
        if (command.equals("cdot") || command.equals("times")) {
            in.takeCommand(command);
            return " * ";
        }
        if (in.take("/")) {
            return " / ";
        }
        if (in.peek() == '*' && in.peek(1) != '*') {
            in.at++;
            return " * ";
        }
        if (in.word().equals("per")) {
            in.at += 3;
            return " per ";
        }
        return " ";
    }

    private boolean factor(StringBuilder unit, boolean first) throws Undecided {
        String command = in.command();
        if (isUpright(command)) {
            return styled(command, unit, first);
        }
        switch (command) {
            case "frac" -> {
                return fraction(unit);
            }
            case "Omega" -> {
                in.takeCommand(command);
                boolean last = !first || in.ended() || in.peek() == ',' || in.peek() == '.';
                unit.append(first ? "" : unit.toString().endsWith(" ") ? "" : " ")
                        .append("Omega");
                return last;
            }
            case "mu" -> {
                in.takeCommand(command);
                if (!isUpright(in.command())) {
                    return false;
                }
                unit.append('μ');
                in.takeCommand(in.command());
                unit.append(in.raw().strip());
                return exponent(unit);
            }
            default -> {}
        }
        String word = in.word();
        boolean known = first ? word.length() > 1 && Units.isKnown(word) : isSeparated(unit) && Units.isSymbol(word);
        if (!known) {
            return false;
        }
        in.at += word.length();
        unit.append(word);
        return exponent(unit);
    }

    private static boolean isUpright(String command) {
        return Latex.UPRIGHT.contains(command) || command.equals("rm");
    }

    /** Whether a sign or the word "per" joins a plain word to the unit before it. */
    private static boolean isSeparated(StringBuilder unit) {
        String text = unit.toString().strip();
        return text.endsWith("/") || text.endsWith("*") || text.endsWith("per");
    }

    private boolean styled(String command, StringBuilder unit, boolean first) throws Undecided {
        in.takeCommand(command);
        String inside = in.raw();
        String plain = inside.strip();
        boolean upright = command.equals("mathrm") || command.equals("rm");
        boolean name = upright && plain.length() == 1 && (NAMES.contains(plain) && inside.length() == 1);
        if (first && (name || JOINING.contains(LatexText.words(inside)) || joins(inside))) {
            return false;
        }
        if (!first && !Units.isPhysical(Units.of(inside))) {
            return false;
        }
        unit.append(inside);
        return exponent(unit);
    }

    private boolean exponent(StringBuilder unit) {
        Matcher matcher = EXPONENT.matcher(in.text);
        if (matcher.find(in.at)) {
            unit.append(matcher.group().strip());
            in.at = matcher.end();
        }
        return true;
    }

    /** A fraction of units: upright ones, or a symbol of at least two letters over any symbol. */
    private boolean fraction(StringBuilder unit) throws Undecided {
        in.takeCommand("frac");
        String above = whole(in.raw(), true);
        String below = above == null ? null : whole(in.raw(), false);
        if (below == null) {
            return false;
        }
        unit.append(above).append(" / (").append(below).append(')');
        return exponent(unit);
    }

    private static @Nullable String whole(String text, boolean first) throws Undecided {
        Cursor cursor = new Cursor(text);
        UnitReader reader = new UnitReader(cursor);
        StringBuilder unit = new StringBuilder(first ? "" : "/");
        if (!reader.factor(unit, first)) {
            return null;
        }
        reader.further(unit);
        return cursor.ended() ? unit.substring(first ? 0 : 1) : null;
    }

    private static boolean joins(String unit) {
        String lower = " " + unit.toLowerCase(Locale.ROOT).replace(',', ' ').strip() + " ";
        return lower.startsWith(" and ") || lower.startsWith(" or ");
    }
}
