package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Normalises LaTeX and Unicode to one spelling. Each pattern is linear in the text's length. */
final class LatexText {
    private static final Map<String, String> MACROS = Map.ofEntries(
            Map.entry("dfrac", "\\frac"),
            Map.entry("tfrac", "\\frac"),
            Map.entry("cfrac", "\\frac"),
            Map.entry("dbinom", "\\binom"),
            Map.entry("tbinom", "\\binom"),
            Map.entry("leq", "\\le"),
            Map.entry("leqslant", "\\le"),
            Map.entry("geq", "\\ge"),
            Map.entry("geqslant", "\\ge"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("neq", "\\ne"),
            Map.entry("lbrace", "\\{"),
            Map.entry("rbrace", "\\}"),
            Map.entry("lbrack", "["),
            Map.entry("rbrack", "]"),
            Map.entry("langle", "("),
            Map.entry("rangle", ")"),
            Map.entry("vert", "|"),
            Map.entry("lvert", "|"),
            Map.entry("rvert", "|"),
            Map.entry("mid", "|"),
            Map.entry("colon", ":"),
            Map.entry("left", ""),
            Map.entry("right", ""),
            Map.entry("big", ""),
            Map.entry("Big", ""),
            Map.entry("bigl", ""),
            Map.entry("bigr", ""),
            Map.entry("Bigl", ""),
            Map.entry("Bigr", ""),
            Map.entry("displaystyle", ""),
            Map.entry("limits", ""),
            Map.entry("hline", ""),
            Map.entry("quad", " "),
            Map.entry("qquad", " "),
            Map.entry("degree", "^\\circ"),
            Map.entry("degrees", "^\\circ"),
            Map.entry("ast", "*"),
            Map.entry("div", "/"),
            Map.entry("varnothing", "\\emptyset"),
            Map.entry("varphi", "\\phi"),
            Map.entry("varepsilon", "\\epsilon"),
            Map.entry("arcsec", "\\operatorname{arcsec}"),
            Map.entry("cosec", "\\csc"),
            Map.entry("mod", "\\bmod"),
            Map.entry("dots", "\\ldots"));

    private static final Pattern THIN = Pattern.compile("\\\\! ?");
    private static final Pattern DOUBLED = Pattern.compile(
            "\\\\\\\\(?=(?:[dtc]?frac|sqrt|left|right|boxed|text|pi|le|ge|in|infty|cup|times|cdot|pm)\\b)");
    private static final Pattern PHANTOM = Pattern.compile("\\\\[hv]?phantom ?(?:\\{[^{}]*\\}|.)");
    /** A number in a command of style. */
    private static final Pattern NUMBER_AS_TEXT =
            Pattern.compile(Latex.any(Latex.STYLES) + " ?\\{( ?[-(]?\\d[^{}]*)\\}");

    /** The comma of {@code 1{,}234}. In {@code 2{,}5} it is a decimal comma, because lists have no braces. */
    private static final Pattern COMMA_OF_THOUSANDS = Pattern.compile("\\{, ?\\}(?![0-9]{1,2}(?![0-9])|[0-9]{4})");

    private static final Pattern COMMA_OF_DECIMALS = Pattern.compile("\\{, ?\\}");

    private static final Set<String> COLORS = Set.of("color", "textcolor");
    /** {@code {\bf 5}}. */
    private static final Pattern OLD_STYLE =
            Pattern.compile("\\{ ?\\\\(" + String.join("|", Latex.SWITCHES) + ")\\b ?([^{}]*)\\}");
    /** {@code \overset{\cdot}{3}}. */
    private static final Pattern DOT_ABOVE =
            Pattern.compile("\\\\(?:overset|stackrel) ?\\{ ?(?:\\\\(?:cdot|bullet)|\\.|·) ?\\}");

    /** Any command or switch of style. */
    static final String STYLE = Latex.any(Latex.STYLES, Latex.SWITCHES.toArray(String[]::new));

    private static final Pattern STYLED = Pattern.compile(STYLE + " ?");
    private static final Pattern TRAILING_ZEROS = Pattern.compile("(\\.\\d{0,40}?)0{1,40}(?![0-9.])");
    private static final Pattern BLANK_AS_TEXT = Pattern.compile(Latex.any(Latex.UPRIGHT) + " ?\\{[ ~]*\\}");
    private static final Pattern POINT_ALONE = Pattern.compile("\\.(?![0-9])");
    private static final Pattern LEADING_ZERO = Pattern.compile("(?<![0-9.])0(?=\\.)");
    private static final String DROPPED_IN_WORDS = "{}$\\,;.!?\"'()";

    private LatexText() {}

    /** The text in one spelling: without commands of size and signs of mathematics, with single spaces. */
    static String clean(String text) {
        String plain = UnicodeMath.toLatex(text);
        if (!plain.contains("\\begin")) {
            plain = DOUBLED.matcher(plain).replaceAll("\\\\");
        }
        if (plain.contains("phantom")) {
            plain = PHANTOM.matcher(plain).replaceAll("");
        }
        if (plain.contains("{\\") || plain.contains("{ \\")) {
            plain = OLD_STYLE.matcher(plain).replaceAll("\\\\math$1{$2}");
        }
        if (plain.contains("overset") || plain.contains("stackrel")) {
            plain = DOT_ABOVE.matcher(plain).replaceAll("\\\\dot");
        }
        if (plain.contains("\\text") || plain.contains("\\m") || plain.contains("\\op")) {
            plain = NUMBER_AS_TEXT
                    .matcher(BLANK_AS_TEXT.matcher(plain).replaceAll(" "))
                    .replaceAll("$1");
        }
        plain = THIN.matcher(plain).replaceAll("");
        if (plain.contains("{,")) {
            plain = COMMA_OF_DECIMALS
                    .matcher(COMMA_OF_THOUSANDS.matcher(plain).replaceAll(""))
                    .replaceAll(".");
        }
        return macros(plain).strip();
    }

    private static String macros(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c == '~' ? ' ' : c);
                continue;
            }
            int end = i + 1;
            while (end < text.length() && isLetter(text.charAt(end))) {
                end++;
            }
            if (end > i + 1) {
                String name = text.substring(i + 1, end);
                if (COLORS.contains(name) && argument(text, end) > 0) {
                    i = Latex.closing(text, argument(text, end));
                    continue;
                }
                if (Latex.ALPHABETS.contains(name)
                        && argument(text, end) > 0
                        && isMathematics(text, argument(text, end))) {
                    i = end - 1; // the braces stay
                    continue;
                }
                String replaced = MACROS.get(name);
                out.append(replaced == null ? text.substring(i, end) : replaced);
                boolean sizes = name.equals("left") || name.equals("right");
                if (sizes && end < text.length() && text.charAt(end) == '.') {
                    end++; // an invisible bracket
                }
                i = end - 1;
            } else if (end == text.length()) {
                out.append(' ');
            } else {
                char next = text.charAt(end);
                i = end;
                switch (next) {
                    case ',', ';', ':', ' ', '/' -> out.append(' ');
                    case '%' -> out.append('%');
                    case '(', ')', '[', ']' -> out.append(' '); // mathematics begins or ends
                    case '$' -> out.append("\\$");
                    default -> out.append(c).append(next);
                }
            }
        }
        return out.toString();
    }

    /** Index of the brace that opens a command's argument; -1 if there is none or it is never closed. */
    private static int argument(String text, int end) {
        int open = end;
        while (open < text.length() && text.charAt(open) == ' ') {
            open++;
        }
        return open < text.length() && text.charAt(open) == '{' && Latex.closing(text, open) > 0 ? open : -1;
    }

    /** Whether the content of braces is more than a name or word. */
    private static boolean isMathematics(String text, int open) {
        int close = Latex.closing(text, open);
        for (int i = open + 1; i < close; i++) {
            char c = text.charAt(i);
            if (isDigit(c) || c == '\\' || c == '=' || c == '+' || c == '^') {
                return true;
            }
        }
        return false;
    }

    static boolean isLetter(char c) {
        return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z');
    }

    static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }

    /**
     * Letters, digits and signs, to compare answers in words and answers in the same spelling. Numbers keep their decimal point
     * and stay separate: {@code 1.5} is not {@code 15}, nor is {@code 1 5}.
     */
    static String words(String cleaned) {
        String plain = STYLED.matcher(cleaned).replaceAll("");
        StringBuilder out = new StringBuilder(plain.length());
        boolean gap = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            boolean afterDigit = i > 0 && isDigit(plain.charAt(i - 1));
            boolean beforeDigit = i + 1 < plain.length() && isDigit(plain.charAt(i + 1));
            if (afterDigit && beforeDigit && (c == ',' || c == ' ') && isThousands(plain, i)) {
                continue;
            }
            if ((c == '.' && beforeDigit) || (c == ',' && afterDigit && beforeDigit) || (c == '!' && afterDigit)) {
                out.append(c);
            } else if (Character.isWhitespace(c) || DROPPED_IN_WORDS.indexOf(c) >= 0) {
                gap = true;
                continue;
            } else {
                if (gap && isDigit(c) && out.length() > 0 && isDigit(out.charAt(out.length() - 1))) {
                    out.append(' ');
                }
                out.append(Character.toLowerCase(c));
            }
            gap = false;
        }
        return out.indexOf(".") < 0 ? out.toString() : withoutZeros(out.toString());
    }

    /** Whether a comma or space separates thousands: three digits follow, and one to three digits or another group precede. */
    private static boolean isThousands(String text, int at) {
        int end = at + 1;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        int start = at;
        while (start > 0 && isDigit(text.charAt(start - 1))) {
            start--;
        }
        return end == at + 4 && at - start <= 3 && text.charAt(start) != '0'
                || end == at + 4 && at - start == 3 && start > 0 && text.charAt(start - 1) == text.charAt(at);
    }

    /** {@code 5.0} is {@code 5}, {@code 0.5} is {@code .5}. */
    private static String withoutZeros(String words) {
        String shorter = TRAILING_ZEROS.matcher(words).replaceAll("$1");
        return LEADING_ZERO.matcher(POINT_ALONE.matcher(shorter).replaceAll("")).replaceAll("");
    }
}
