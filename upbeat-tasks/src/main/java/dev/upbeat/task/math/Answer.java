package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One side of a comparison.
 *
 * @param text as written
 * @param cleaned the text in one spelling
 * @param words letters and digits of the text
 * @param readings possible meanings, the likeliest first; empty if the text is not understood
 * @param fault why the text is not understood
 */
record Answer(String text, String cleaned, String words, List<Expr> readings, String fault) {
    /** Longer texts are compared as they are, because some take quadratic time to normalise. */
    private static final int LONGEST = 10 * StatementParser.LONGEST;

    private static final Pattern THOUSANDS = Pattern.compile("[-+]?[1-9]\\d{0,2}(?:,\\d{3})+");

    /** A decimal comma, unless it groups thousands: numbers of a list do not begin with a zero. */
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[-+]?(?:\\d+,0\\d+|0,\\d{3,})");

    private static final Pattern PERHAPS_DECIMAL_COMMA = Pattern.compile("[-+]?(?:\\d+|\\d{1,3}(?:\\.\\d{3})+),\\d+");
    private static final Pattern RATIO_IN_WORDS =
            Pattern.compile("(\\d{1,9}) ?(?:\\\\text ?\\{ ?to ?\\}|to) ?(\\d{1,9})");

    /** A decimal that ends in an ellipsis. */
    private static final Pattern CUT_OFF = Pattern.compile("(\\.\\d{1,300}) ?\\.{2,4}$");

    private static final Pattern BASE = Pattern.compile("(?i)\\s*\\\\?(?:text)?\\{? *(?:in +)?base[-\\s}]*(\\d+)\\}?$");

    Answer {
        readings = List.copyOf(readings);
    }

    static Answer of(String text) {
        if (text.length() > LONGEST) {
            return new Answer(text, text, LatexText.words(text), List.of(), "longer than " + LONGEST + " characters");
        }
        String cleaned = withoutMoney(LatexText.clean(text));
        String unlabelled = Labels.removed(cleaned);
        boolean decimal = DECIMAL_COMMA.matcher(unlabelled).matches()
                && !THOUSANDS.matcher(unlabelled).matches();
        String read = decimal ? unlabelled.replace(',', '.') : unlabelled;
        List<Expr> readings = new ArrayList<>();
        String fault = "";
        try {
            readings.add(StatementParser.parse(read));
        } catch (Undecided e) {
            fault = String.valueOf(e.getMessage());
        }
        other(unlabelled, readings);
        return new Answer(text, cleaned, LatexText.words(cleaned), readings, fault);
    }

    /** Adds second readings: {@code 123,456} may be a list too, {@code (C) 12} the option 12 and not a product. */
    private static void other(String cleaned, List<Expr> readings) {
        try {
            if (THOUSANDS.matcher(cleaned).matches()) {
                readings.add(StatementParser.parse(cleaned.replace(",", " , ")));
            } else if (readings.isEmpty() && isOneStatement(cleaned)) {
                Expr last = StatementParser.parse(cleaned.substring(cleaned.lastIndexOf('=') + 1));
                if (Exprs.isConstant(last)) {
                    readings.add(last);
                }
            }
            Matcher ratio = RATIO_IN_WORDS.matcher(cleaned);
            if (cleaned.contains("to") && ratio.matches()) {
                readings.add(StatementParser.parse(ratio.group(1) + ":" + ratio.group(2)));
            }
            String option = Labels.optionRemoved(cleaned);
            if (!option.equals(cleaned)) {
                readings.add(StatementParser.parse(option));
            }
        } catch (Undecided e) {
            return; // no other reading
        }
    }

    /** Whether the last side of an equation may be the answer: not if other equations stand before it. */
    private static boolean isOneStatement(String cleaned) {
        int first = cleaned.indexOf('=');
        return first > 0
                && cleaned.length() < StatementParser.LONGEST
                && cleaned.substring(first, cleaned.lastIndexOf('=')).indexOf(',') < 0;
    }

    /**
     * The answer as it is compared with a gold: {@code 2,5} may be 2.5 if the gold is a decimal number; otherwise it is only a
     * list. {@code 2,040} may be 2.040 only if the gold has three decimals too; it is 2040 compared with {@code 2.04}.
     */
    Answer beside(Answer gold) {
        int places = gold.readings.isEmpty() ? 0 : places(gold.readings.get(0));
        if (places == 0
                || cleaned.length() > 40
                || (places != 3 && THOUSANDS.matcher(cleaned).matches())
                || !PERHAPS_DECIMAL_COMMA.matcher(cleaned).matches()) {
            return this;
        }
        try {
            List<Expr> more = new ArrayList<>(readings);
            more.add(StatementParser.parse(cleaned.replace(".", "").replace(',', '.')));
            return new Answer(text, cleaned, words, more, fault);
        } catch (Undecided e) {
            return this;
        }
    }

    /** Number of decimals as written; 0 for anything but a number. */
    private static int places(Expr expr) {
        if (expr instanceof Expr.Measure measure) {
            return places(measure.value());
        }
        if (expr instanceof Expr.Apply apply && apply.operator().equals("neg")) {
            return places(apply.arguments().get(0));
        }
        return expr instanceof Expr.Numeral number ? number.places() : 0;
    }

    private static String withoutMoney(String cleaned) {
        String plain = cleaned.replace("\\$", "")
                .replace("$", "")
                .replace("€", "")
                .replace("£", "")
                .strip();
        if (plain.endsWith("..")) {
            plain = CUT_OFF.matcher(plain).replaceFirst("$1\\\\ldots");
        }
        while (plain.endsWith(".") || plain.endsWith(",") || plain.endsWith("\\") || plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1).strip();
        }
        Matcher base = BASE.matcher(plain);
        return plain.length() < 200 && base.find()
                ? plain.substring(0, base.start()).strip() + "_{" + base.group(1) + "}"
                : plain;
    }

    /** Whether the text is an answer and nothing else. */
    static boolean isUnderstood(String text) {
        try {
            StatementParser.parse(withoutMoney(LatexText.clean(text)));
            return true;
        } catch (Undecided e) {
            return false;
        }
    }
}
