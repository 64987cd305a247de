package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One side of a comparison.
 *
 * @param text as it stands
 * @param cleaned in one spelling
 * @param words in letters and digits alone
 * @param readings what it may mean, the likeliest first; empty where nothing is understood
 * @param fault why nothing is understood
 */
record Answer(String text, String cleaned, String words, List<Expr> readings, String fault) {
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?\\d+,\\d+");
    private static final Pattern THOUSANDS = Pattern.compile("[-+]?[1-9]\\d{0,2}(?:,\\d{3})+");
    private static final Pattern BASE = Pattern.compile("(?i)\\s*\\\\?(?:text)?\\{? *(?:in +)?base[-\\s}]*(\\d+)\\}?$");

    Answer {
        readings = List.copyOf(readings);
    }

    static Answer of(String text) {
        String cleaned = withoutMoney(LatexText.clean(text));
        List<Expr> readings = new ArrayList<>();
        String fault = "";
        try {
            readings.add(StatementParser.parse(cleaned));
        } catch (Undecided e) {
            fault = String.valueOf(e.getMessage());
        }
        other(cleaned, readings);
        return new Answer(text, cleaned, LatexText.words(cleaned), readings, fault);
    }

    /** {@code 1,22} may be a list or a number with a comma; {@code 123,456} a number or a list. */
    private static void other(String cleaned, List<Expr> readings) {
        try {
            if (THOUSANDS.matcher(cleaned).matches()) {
                readings.add(StatementParser.parse(cleaned.replace(",", " , ")));
            } else if (DECIMAL_COMMA.matcher(cleaned).matches()) {
                readings.add(StatementParser.parse(cleaned.replace(',', '.')));
            } else if (readings.isEmpty() && cleaned.indexOf('=') > 0 && cleaned.length() < StatementParser.LONGEST) {
                Expr last = StatementParser.parse(cleaned.substring(cleaned.lastIndexOf('=') + 1));
                if (Exprs.isConstant(last)) {
                    readings.add(last);
                }
            }
        } catch (Undecided e) {
            return; // there is no other reading
        }
    }

    private static String withoutMoney(String cleaned) {
        String plain = cleaned.replace("\\$", "")
                .replace("$", "")
                .replace("€", "")
                .replace("£", "")
                .strip();
        while (plain.endsWith(".") || plain.endsWith(",") || plain.endsWith("\\")) {
            plain = plain.substring(0, plain.length() - 1).strip();
        }
        Matcher base = BASE.matcher(plain);
        return plain.length() < 200 && base.find()
                ? plain.substring(0, base.start()).strip() + "_{" + base.group(1) + "}"
                : plain;
    }

    /** Whether the text is an answer and nothing else. */
    static boolean isUnderstood(String text) {
        Answer answer = of(text);
        return answer.fault().isEmpty();
    }
}
