package dev.upbeat.task.math;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** One spelling for what LaTeX and Unicode spell in many ways. Each pattern is linear in the text's length. */
final class LatexText {
    private static final Map<Character, String> UNICODE = Map.ofEntries(
            Map.entry('−', "-"),
            Map.entry('–', "-"),
            Map.entry('×', "\\times "),
            Map.entry('·', "\\cdot "),
            Map.entry('⋅', "\\cdot "),
            Map.entry('÷', "/"),
            Map.entry('π', "\\pi "),
            Map.entry('θ', "\\theta "),
            Map.entry('α', "\\alpha "),
            Map.entry('β', "\\beta "),
            Map.entry('√', "\\sqrt "),
            Map.entry('∞', "\\infty "),
            Map.entry('∪', "\\cup "),
            Map.entry('∩', "\\cap "),
            Map.entry('∈', "\\in "),
            Map.entry('≤', "\\le "),
            Map.entry('≥', "\\ge "),
            Map.entry('≠', "\\ne "),
            Map.entry('≈', "\\approx "),
            Map.entry('±', "\\pm "),
            Map.entry('°', "^\\circ "),
            Map.entry('²', "^2 "),
            Map.entry('³', "^3 "),
            Map.entry('½', "\\frac12 "),
            Map.entry('¼', "\\frac14 "),
            Map.entry('¾', "\\frac34 "),
            Map.entry('′', "'"),
            Map.entry('’', "'"),
            Map.entry('，', ","),
            Map.entry('；', ";"),
            Map.entry('：', ":"),
            Map.entry('。', "."),
            Map.entry('（', "("),
            Map.entry('）', ")"),
            Map.entry('％', "%"),
            Map.entry('\u00a0', " "),
            Map.entry('\u2009', " "),
            Map.entry('\u202f', " "),
            Map.entry('\t', " "));

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
    /** Numbers that are set as text. */
    private static final Pattern NUMBER_AS_TEXT =
            Pattern.compile("\\\\(?:text|mbox|textrm|textbf|mathrm|mathbf) ?\\{( ?[-(]?\\d[^{}]*)\\}");

    private static final Pattern STYLED = Pattern.compile("\\\\(?:text|mbox|mathrm|textrm|textbf|textit|textnormal"
            + "|mathbf|mathit|operatorname|boldsymbol|bf|rm|it)\\b ?");
    private static final Pattern DROPPED_IN_WORDS = Pattern.compile("[\\s{}$\\\\,;.!?\"'()]+");

    private LatexText() {}

    /** The same text in one spelling: no size commands, no money or mathematics signs, single spaces. */
    static String clean(String text) {
        String plain = unicode(text);
        if (!plain.contains("\\begin")) {
            plain = DOUBLED.matcher(plain).replaceAll("\\\\");
        }
        if (plain.contains("phantom")) {
            plain = PHANTOM.matcher(plain).replaceAll("");
        }
        if (plain.contains("\\text") || plain.contains("\\m")) {
            plain = NUMBER_AS_TEXT.matcher(plain).replaceAll("$1");
        }
        plain = THIN.matcher(plain).replaceAll("").replace("{,}", "");
        return macros(plain).strip();
    }

    private static String unicode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String replaced = c > 126 || c == '\t' ? UNICODE.get(c) : null;
            if (replaced != null) {
                out.append(replaced);
            } else {
                out.append(Character.isISOControl(c) && c != '\n' && c != '\r' ? ' ' : c);
            }
        }
        return out.toString();
    }

    private static String macros(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            int end = i + 1;
            while (end < text.length() && isLetter(text.charAt(end))) {
                end++;
            }
            if (end > i + 1) {
                String name = text.substring(i + 1, end);
                String replaced = MACROS.get(name);
                out.append(replaced == null ? text.substring(i, end) : replaced);
                boolean sizes = name.equals("left") || name.equals("right");
                if (sizes && end < text.length() && text.charAt(end) == '.') {
                    end++; // the bracket that isn't there
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

    static boolean isLetter(char c) {
        return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }

    /** Only what is said: for answers in words, and for answers that are written alike. */
    static String words(String cleaned) {
        String plain = STYLED.matcher(cleaned).replaceAll("");
        return DROPPED_IN_WORDS.matcher(plain).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
