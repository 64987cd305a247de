package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Parses lists, relations and unions of terms ({@link TermParser}) by recursive descent of bounded depth. */
final class StatementParser {
    /** Longer texts are not answers. */
    static final int LONGEST = 3_000;

    private static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("le", "<="),
            Map.entry("ge", ">="),
            Map.entry("ne", "!="),
            Map.entry("in", "in"),
            Map.entry("approx", "~"),
            Map.entry("sim", "~"),
            Map.entry("equiv", "="));
    private static final List<String> PLAIN_SIGNS = List.of("<=", ">=", "!=", "==", "=", "<", ">");
    private static final Set<String> SET_OPERATORS = Set.of("cup", "cap", "setminus");

    private final Cursor in;
    private final TermParser terms;

    StatementParser(String cleaned) {
        in = new Cursor(cleaned);
        terms = new TermParser(in, this);
    }

    /** @throws Undecided if the text is not an expression from beginning to end */
    static Expr parse(String cleaned) throws Undecided {
        if (cleaned.length() > LONGEST) {
            throw new Undecided("longer than " + LONGEST + " characters");
        }
        return new StatementParser(cleaned).whole();
    }

    Expr whole() throws Undecided {
        String sign = sign();
        if (!sign.isEmpty() && !sign.equals("=") && !sign.equals("~")) {
            throw in.fault();
        }
        Expr expr = overOrChoose(list());
        while (in.take(".") || in.take(",")) {}
        if (!in.ended()) {
            throw in.fault();
        }
        return expr;
    }

    /** Items separated by commas, semicolons, "and" or "or"; a single item stands for itself. */
    Expr list() throws Undecided {
        in.enter();
        int brackets = in.brackets;
        List<Expr> items = new ArrayList<>();
        items.add(relation());
        while (separator() && !atEnd()) {
            items.add(relation());
        }
        in.brackets = brackets;
        in.leave();
        return items.size() == 1 ? items.get(0) : new Expr.Items(items);
    }

    /** Plain TeX's fractions and binomials, {@code {5 \choose 2}}, whose operands are all the text in the braces. */
    Expr overOrChoose(Expr above) throws Undecided {
        if (in.takeCommand("choose")) {
            return Expr.apply("binom", above, list());
        }
        return in.takeCommand("over") ? Expr.apply("/", above, list()) : above;
    }

    private boolean atEnd() {
        char c = in.next();
        return c == 0
                || c == '}'
                || c == ')'
                || c == ']'
                || (c == '.' && in.at == in.text.length() - 1)
                || (c == '\\' && in.peek(1) == '}');
    }

    private boolean separator() throws Undecided {
        boolean any = false;
        while (true) {
            if (in.take(",") || in.take(";")) {
                any = true;
                continue;
            }
            String word = in.word().toLowerCase(Locale.ROOT);
            if (word.equals("and") || word.equals("or")) {
                in.at += word.length();
            } else if (glued(in.word()) > 0) {
                in.at += glued(in.word());
            } else if (Latex.UPRIGHT.contains(in.command())) {
                int start = in.at;
                in.takeCommand(in.command());
                String joint = LatexText.words(in.raw());
                if (!joint.isEmpty()
                        && !joint.startsWith("and")
                        && !joint.startsWith("or")
                        && !joint.startsWith("forpart")) {
                    in.at = start;
                    return any;
                }
                any |= !joint.isEmpty();
                continue;
            } else {
                return any;
            }
            any = true;
        }
    }

    /** Length of an "or" or "and" without a space after it, as in {@code x=1orW=2}; 0 if there is none. */
    static int glued(String word) {
        int length = word.startsWith("or") ? 2 : word.startsWith("and") ? 3 : 0;
        return length > 0
                        && word.length() > length
                        && word.length() <= length + 2
                        && Character.isUpperCase(word.charAt(length))
                ? length
                : 0;
    }

    Expr relation() throws Undecided {
        List<Expr> sides = new ArrayList<>();
        List<String> signs = new ArrayList<>();
        sides.add(ratio());
        for (String sign = sign(); !sign.isEmpty(); sign = sign()) {
            signs.add(sign);
            sides.add(ratio());
        }
        return signs.isEmpty() ? sides.get(0) : new Expr.Relation(sides, signs);
    }

    private String sign() {
        String sign = SIGNS.get(in.command());
        if (sign != null) {
            in.takeCommand(in.command());
            return sign;
        }
        for (String plain : PLAIN_SIGNS) {
            if (in.take(plain)) {
                return plain.equals("==") ? "=" : plain;
            }
        }
        return "";
    }

    private Expr ratio() throws Undecided {
        in.spaces();
        Expr time = Times.read(in);
        if (time != null) {
            return time;
        }
        Expr left = union();
        while (in.take(":")) {
            left = Expr.apply(":", left, union());
        }
        return left;
    }

    private Expr union() throws Undecided {
        Expr left = terms.sum();
        while (SET_OPERATORS.contains(in.command())) {
            String operator = in.command();
            in.takeCommand(operator);
            left = Expr.apply(operator, left, terms.sum());
        }
        return left;
    }

    /** The content of brackets; one item in round or square brackets stands for itself. */
    Expr bracketed(char open) throws Undecided {
        in.enter();
        in.expect(String.valueOf(open));
        in.brackets++;
        int bars = in.bars;
        in.bars = 0;
        List<Expr> items = new ArrayList<>();
        while (!closes(open)) {
            if (!items.isEmpty() && !separator()) {
                throw in.fault();
            }
            items.add(relation());
        }
        char close = in.peek();
        in.at++;
        in.bars = bars;
        in.brackets--;
        in.leave();
        return items.size() == 1 && open != '{' ? items.get(0) : new Expr.Group(open, close, items);
    }

    private boolean closes(char open) {
        char c = in.next();
        if (open == '{') {
            if (c == '\\' && in.peek(1) == '}') {
                in.at++;
            }
            return in.peek() == '}';
        }
        return c == ')' || c == ']';
    }
}
