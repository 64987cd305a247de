package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses one LaTeX command with its arguments: fractions, roots, functions, styled names, matrices, sums and integrals. */
final class CommandParser {
    static final Set<String> FUNCTIONS = names(
            "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh ln log lg exp" + " sqrt min max gcd lcm det");

    /** Commands that are not a factor: they separate or relate, or have no known meaning. */
    private static final Set<String> NO_FACTORS =
            names("le ge ne in notin approx equiv sim cup cap setminus pm mp to cdot times bmod Rightarrow implies iff"
                    + " Leftrightarrow rightarrow subset subseteq end rceil rfloor ldots cdots land lor wedge vee propto choose"
                    + " over");

    private static final Set<String> ACCENTS =
            names("dot ddot vec hat bar overline tilde widehat overrightarrow underline angle");

    private final Cursor in;
    private final StatementParser statements;
    private final TermParser terms;
    private final FactorParser factors;

    CommandParser(Cursor in, StatementParser statements, TermParser terms, FactorParser factors) {
        this.in = in;
        this.statements = statements;
        this.terms = terms;
        this.factors = factors;
    }

    private static Set<String> names(String names) {
        return Set.of(names.split(" "));
    }

    /** Whether a command begins a factor of an unwritten product. */
    static boolean isFactor(String command) {
        return !NO_FACTORS.contains(command) && !isText(command);
    }

    private static boolean isText(String command) {
        return Latex.TEXT.contains(command) || Latex.SWITCHES.contains(command);
    }

    /** A command with its arguments. */
    Expr read() throws Undecided {
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
        if (isText(name) || isStyle(name)) {
            return styled(name);
        }
        if (ACCENTS.contains(name)) {
            return new Expr.Symbol(name + ":" + LatexText.words(in.raw()));
        }
        return switch (name) {
            case "frac" -> Expr.apply("/", factors.argument(), factors.argument());
            case "mathbb" -> new Expr.Symbol("\\mathbb:" + in.raw().strip());
            case "sqrt" -> function("sqrt");
            case "binom" -> Expr.apply("binom", factors.argument(), factors.argument());
            case "lfloor" -> between("floor", "rfloor");
            case "lceil" -> between("ceil", "rceil");
            case "begin" -> new MatrixParser(in, statements).read();
            case "sum", "prod", "int", "lim" -> large(name);
            case "boxed", "fbox" -> factors.braced();
            default -> new Expr.Symbol("\\" + name);
        };
    }

    private static boolean isStyle(String command) {
        return (Latex.STYLES.contains(command) && !ACCENTS.contains(command)) || command.equals("mathcal");
    }

    /** The argument of a style: a word, a function, a name, or a number without braces, {@code \mathbf 12}. */
    private Expr styled(String name) throws Undecided {
        if (LatexText.isDigit(in.next())) {
            return Numerals.read(in);
        }
        String inside = in.raw().strip();
        if (isText(name)) {
            return new Expr.Symbol(inside.length() == 1 ? inside : "text:" + LatexText.words(inside));
        }
        return FUNCTIONS.contains(inside)
                ? function(inside)
                : new Expr.Symbol(LatexText.words(inside).isEmpty() ? "?" : inside);
    }

    private Expr between(String function, String close) throws Undecided {
        Expr inside = terms.sum();
        if (!in.takeCommand(close)) {
            throw in.fault();
        }
        return Expr.apply(function, inside);
    }

    /** A sum, product, integral or limit: it is not evaluated, and equals another with equal bounds and body. */
    private Expr large(String name) throws Undecided {
        Expr from = in.take("_") ? statementArgument() : Expr.number(0);
        Expr to = in.take("^") ? factors.exponent() : Expr.number(0);
        return Expr.apply("large:" + name, from, to, terms.sum());
    }

    private Expr statementArgument() throws Undecided {
        Expr argument = factors.argument();
        return argument instanceof Expr.Relation relation ? relation.last() : argument;
    }

    /** A function with its power, base and argument: {@code \sin^2 x}, {@code \log_2 8}. */
    Expr function(String name) throws Undecided {
        if (name.equals("sqrt")) {
            return root();
        }
        @Nullable Expr base = null;
        @Nullable Expr power = null;
        while (in.next() == '_' || in.peek() == '^') {
            boolean isPower = in.peek() == '^';
            in.at++;
            if (isPower) {
                power = factors.exponent();
            } else {
                base = factors.exponent();
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
            return Expr.apply("root", in.next() == '(' ? statements.bracketed('(') : factors.argument(), degree);
        }
        if (LatexText.isDigit(in.next()) && in.at > 0 && in.text.charAt(in.at - 1) != ' ') {
            return Expr.apply("root", factors.exponent(), Expr.number(2)); // \sqrt12 usually means the root of 12
        }
        return Expr.apply("root", in.next() == '(' ? statements.bracketed('(') : factors.argument(), Expr.number(2));
    }

    /** A function's argument: in brackets or braces, else the unwritten product that follows, {@code \sin 2x}. */
    private Expr functionArgument() throws Undecided {
        char c = in.next();
        if (c == '(' || c == '{' || c == '[') {
            Expr of = c == '{' ? factors.braced() : statements.bracketed(c);
            return of instanceof Expr.Group group && group.items().size() > 1
                    ? new Expr.Apply("args", group.items())
                    : of;
        }
        Expr of = factors.signedFactor();
        while (true) {
            String command = in.command();
            char following = in.next();
            boolean another = FUNCTIONS.contains(command) || following == '(' || following == '{';
            if (another || !terms.startsFactor(following, command) || FUNCTIONS.contains(in.word())) {
                return of;
            }
            of = Expr.apply("*", of, factors.factor());
        }
    }
}
