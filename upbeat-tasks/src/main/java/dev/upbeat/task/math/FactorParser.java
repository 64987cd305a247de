package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One factor of a product with all that is written after it: powers, indices, factorials, units. */
final class FactorParser {
    private static final Set<String> FUNCTIONS = Set.of(
            "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log",
            "lg", "exp", "sqrt", "min", "max", "gcd", "lcm", "det");

    /** Commands that are no factor: they separate, relate or say nothing that is understood. */
    private static final Set<String> NO_FACTORS = Set.of(
            "le",
            "ge",
            "ne",
            "in",
            "notin",
            "approx",
            "equiv",
            "sim",
            "cup",
            "cap",
            "setminus",
            "pm",
            "mp",
            "to",
            "cdot",
            "times",
            "bmod",
            "Rightarrow",
            "implies",
            "iff",
            "Leftrightarrow",
            "rightarrow",
            "subset",
            "subseteq",
            "end",
            "rceil",
            "rfloor",
            "ldots",
            "cdots",
            "land",
            "lor",
            "wedge",
            "vee",
            "propto",
            "choose",
            "over");

    private static final Set<String> TEXT =
            Set.of("text", "mbox", "textrm", "textbf", "textit", "textnormal", "rm", "bf");
    private static final Set<String> UPRIGHT =
            Set.of("mathrm", "mathbf", "mathit", "operatorname", "boldsymbol", "mathcal", "mathbb", "mathsf");
    private static final Set<String> ACCENTS = Set.of(
            "dot", "ddot", "vec", "hat", "bar", "overline", "tilde", "widehat", "overrightarrow", "underline", "angle");
    private static final Set<String> SHORT_WORDS = Set.of("is", "we", "so", "of", "to", "it", "be", "by");
    private static final Map<String, String> GREEK_WORDS = Map.of("pi", "\\pi", "theta", "\\theta", "alpha", "\\alpha");

    private final Cursor in;
    private final StatementParser statements;
    private final TermParser terms;

    FactorParser(Cursor in, StatementParser statements, TermParser terms) {
        this.in = in;
        this.statements = statements;
        this.terms = terms;
    }

    static boolean isFactor(String command) {
        return !NO_FACTORS.contains(command) && !TEXT.contains(command);
    }

    Expr signedFactor() throws Undecided {
        char c = in.next();
        if (c == '-' || c == '+') {
            in.at++;
            Expr factor = factor();
            return c == '-' ? Expr.apply("neg", factor) : factor;
        }
        return factor();
    }

    Expr factor() throws Undecided {
        in.enter();
        Expr factor = Postfix.after(base(), in, this);
        in.leave();
        return factor;
    }

    /** The factor with what is written after it. */
    Expr after(Expr factor) throws Undecided {
        return Postfix.after(factor, in, this);
    }

    private Expr base() throws Undecided {
        char c = in.next();
        if (Numerals.starts(in)) {
            return Numerals.read(in);
        }
        switch (c) {
            case '(', '[' -> {
                return statements.bracketed(c);
            }
            case '{' -> {
                return braced();
            }
            case '|' -> {
                in.at++;
                in.bars++;
                Expr inside = terms.sum();
                in.expect("|");
                in.bars--;
                return Expr.apply("abs", inside);
            }
            case '\\' -> {
                return command();
            }
            default -> {}
        }
        if (LatexText.isLetter(c)) {
            return letters();
        }
        if (c == '$') {
            throw in.fault();
        }
        if (c > 127 && Character.isLetter(c)) {
            in.at++;
            return new Expr.Symbol(String.valueOf(c));
        }
        throw in.fault();
    }

    /** What is in braces; several items in them are a bare list. */
    Expr braced() throws Undecided {
        in.expect("{");
        Expr inside = statements.overOrChoose(statements.list());
        in.expect("}");
        return inside;
    }

    /** The argument of a command: braces, one digit, one letter or one command. */
    Expr argument() throws Undecided {
        char c = in.next();
        if (c == '{') {
            return braced();
        }
        if (LatexText.isDigit(c)) {
            in.at++;
            return Expr.number(c - '0');
        }
        if (LatexText.isLetter(c)) {
            in.at++;
            return symbol(String.valueOf(c));
        }
        if (c == '\\') {
            return command();
        }
        throw in.fault();
    }

    /** An exponent or index outside braces takes all its digits: people write 10^12. */
    Expr exponent() throws Undecided {
        char c = in.next();
        if (c == '-' || c == '+') {
            in.at++;
            Expr of = exponent();
            return c == '-' ? Expr.apply("neg", of) : of;
        }
        if (LatexText.isDigit(c)) {
            int start = in.at;
            while (LatexText.isDigit(in.peek())) {
                in.at++;
            }
            return new Expr.Numeral(
                    new Rational(
                            new BigInteger(in.text.substring(start, Math.min(in.at, start + 400))), BigInteger.ONE),
                    0);
        }
        return c == '(' ? statements.bracketed(c) : argument();
    }

    static Expr symbol(String name) {
        return new Expr.Symbol(name);
    }

    private Expr letters() throws Undecided {
        String word = in.word();
        String lower = word.toLowerCase(Locale.ROOT);
        if (word.length() > 1) {
            if (lower.equals("np") && in.peek(2) == '.') {
                in.at += 3; // numpy's prefix
                return letters();
            }
            String function = prefix(lower);
            if (function != null && (function.length() == word.length() || lower.startsWith("sqrt"))) {
                in.at += function.length();
                return function(function);
            }
            String greek = GREEK_WORDS.get(lower);
            if (greek != null) {
                in.at += word.length();
                return symbol(greek);
            }
            if (lower.equals("infinity") || lower.equals("inf")) {
                in.at += word.length();
                return symbol("\\infty");
            }
            if (isProse(word, lower)) {
                throw in.fault();
            }
        }
        in.at++;
        return symbol(word.substring(0, 1));
    }

    /** Words as against products of variables: mgh is one, height is none. */
    private static boolean isProse(String word, String lower) {
        if (word.length() == 2) {
            return SHORT_WORDS.contains(lower);
        }
        boolean capitals = word.equals(word.toUpperCase(Locale.ROOT));
        return !capitals && (word.length() > 3 || lower.chars().anyMatch(c -> "eiou".indexOf(c) >= 0));
    }

    private static @Nullable String prefix(String word) {
        return FUNCTIONS.stream()
                .filter(name -> word.equals(name) || (name.equals("sqrt") && word.startsWith(name)))
                .findFirst()
                .orElse(null);
    }

    private Expr command() throws Undecided {
        String name = in.command();
        if (name.isEmpty()) {
            if (in.peek(1) == '{') {
                in.at++;
                return statements.bracketed('{');
            }
            throw in.fault();
        }
        if (FUNCTIONS.contains(name) && !name.equals("sqrt")) {
            in.takeCommand(name);
            return function(name);
        }
        if (NO_FACTORS.contains(name)) {
            throw in.fault();
        }
        in.takeCommand(name);
        if (TEXT.contains(name)) {
            String inside = in.raw().strip();
            return symbol(inside.length() == 1 ? inside : "text:" + LatexText.words(inside));
        }
        if (UPRIGHT.contains(name)) {
            String inside = in.raw().strip();
            if (name.equals("mathbb")) {
                return symbol("\\mathbb:" + inside);
            }
            return FUNCTIONS.contains(inside)
                    ? function(inside)
                    : symbol(LatexText.words(inside).isEmpty() ? "?" : inside);
        }
        if (ACCENTS.contains(name)) {
            return symbol(name + ":" + LatexText.words(in.raw()));
        }
        return switch (name) {
            case "frac" -> Expr.apply("/", argument(), argument());
            case "sqrt" -> function("sqrt");
            case "binom" -> Expr.apply("binom", argument(), argument());
            case "lfloor" -> between("floor", "rfloor");
            case "lceil" -> between("ceil", "rceil");
            case "begin" -> new MatrixParser(in, statements).read();
            case "sum", "prod", "int", "lim" -> large(name);
            case "boxed", "fbox" -> braced();
            default -> symbol("\\" + name);
        };
    }

    private Expr between(String function, String close) throws Undecided {
        Expr inside = terms.sum();
        if (!in.takeCommand(close)) {
            throw in.fault();
        }
        return Expr.apply(function, inside);
    }

    /** A sum, product, integral or limit: not worked out, equal to one with equal bounds and body. */
    private Expr large(String name) throws Undecided {
        Expr from = in.take("_") ? statementArgument() : Expr.number(0);
        Expr to = in.take("^") ? exponent() : Expr.number(0);
        return Expr.apply("large:" + name, from, to, terms.sum());
    }

    private Expr statementArgument() throws Undecided {
        Expr argument = argument();
        return argument instanceof Expr.Relation relation ? relation.last() : argument;
    }

    private Expr function(String name) throws Undecided {
        if (name.equals("sqrt")) {
            return root();
        }
        @Nullable Expr base = null;
        @Nullable Expr power = null;
        while (in.next() == '_' || in.peek() == '^') {
            boolean isPower = in.peek() == '^';
            in.at++;
            if (isPower) {
                power = exponent();
            } else {
                base = exponent();
            }
        }
        Expr of = functionArgument();
        String known = name;
        if (power instanceof Expr.Apply inverse && inverse.operator().equals("neg") && name.length() == 3) {
            known = "arc" + name;
            power = null;
        }
        Expr applied = base == null ? Expr.apply(known, of) : Expr.apply(known, of, base);
        return power == null ? applied : Expr.apply("^", applied, power);
    }

    private Expr root() throws Undecided {
        if (in.next() == '[') {
            in.at++;
            Expr degree = terms.sum();
            in.expect("]");
            return Expr.apply("root", in.next() == '(' ? statements.bracketed('(') : argument(), degree);
        }
        if (LatexText.isDigit(in.next()) && in.at > 0 && in.text.charAt(in.at - 1) != ' ') {
            return Expr.apply("root", exponent(), Expr.number(2)); // \sqrt12 as people mean it
        }
        return Expr.apply("root", in.next() == '(' ? statements.bracketed('(') : argument(), Expr.number(2));
    }

    /** In brackets or braces; else the unwritten product that follows: \sin 2x. */
    private Expr functionArgument() throws Undecided {
        char c = in.next();
        if (c == '(' || c == '{' || c == '[') {
            Expr of = c == '{' ? braced() : statements.bracketed(c);
            return of instanceof Expr.Group group && group.items().size() > 1
                    ? new Expr.Apply("args", group.items())
                    : of;
        }
        Expr of = signedFactor();
        while (true) {
            String command = in.command();
            char following = in.next();
            boolean another = FUNCTIONS.contains(command) || following == '(' || following == '{';
            if (another || !terms.startsFactor(following, command) || FUNCTIONS.contains(in.word())) {
                return of;
            }
            of = Expr.apply("*", of, factor());
        }
    }

    Expr factorInBrackets() throws Undecided {
        return statements.bracketed('(');
    }
}
