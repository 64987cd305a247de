package dev.upbeat.task.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parses sums and products: {@code 2\pi r^2 + \frac12 x}. {@link FactorParser} parses their factors. */
final class TermParser {
    /** Words that end an expression. */
    private static final Set<String> SEPARATORS = Set.of("and", "or", "if", "where", "for");

    private final Cursor in;
    private final FactorParser factors;

    TermParser(Cursor in, StatementParser statements) {
        this.in = in;
        this.factors = new FactorParser(in, statements, this);
    }

    Expr sum() throws Undecided {
        in.enter();
        List<Expr> terms = new ArrayList<>();
        Expr left = signed();
        while (true) {
            char c = in.next();
            if (c == '+' || c == '-') {
                in.at++;
                Expr term = product();
                terms.add(c == '-' ? negated(term) : term);
            } else if (in.command().equals("pm") || in.command().equals("mp")) {
                String sign = in.command();
                in.takeCommand(sign);
                terms.add(Expr.apply(sign, product()));
            } else {
                break;
            }
        }
        in.leave();
        if (terms.isEmpty()) {
            return left;
        }
        terms.add(0, left);
        int last = terms.size() - 1;
        if (terms.get(last) instanceof Expr.Measure measure && isUnit(measure)) {
            terms.set(last, measure.value());
            return new Expr.Measure(new Expr.Apply("+", terms), measure.unit());
        }
        return new Expr.Apply("+", terms);
    }

    /** Joins two operands; a unit at the end belongs to the whole. */
    private static Expr joined(String operator, Expr left, Expr right) {
        return right instanceof Expr.Measure measure && isUnit(measure)
                ? new Expr.Measure(Expr.apply(operator, left, measure.value()), measure.unit())
                : Expr.apply(operator, left, right);
    }

    private static Expr negated(Expr of) {
        return of instanceof Expr.Measure measure
                ? new Expr.Measure(Expr.apply("neg", measure.value()), measure.unit())
                : Expr.apply("neg", of);
    }

    private static boolean isUnit(Expr.Measure measure) {
        return !measure.unit().equals(Units.PERCENT);
    }

    private Expr signed() throws Undecided {
        char c = in.next();
        if (c == '-' || c == '+') {
            in.at++;
            in.enter();
            Expr of = in.next() == '-' || in.next() == '+' ? signed() : product();
            in.leave();
            return c == '-' ? negated(of) : of;
        }
        String sign = in.command();
        if (sign.equals("pm") || sign.equals("mp")) {
            in.takeCommand(sign);
            return Expr.apply(sign, product());
        }
        return product();
    }

    private Expr product() throws Undecided {
        Expr left = factors.factor();
        while (true) {
            char c = in.next();
            String command = in.command();
            if (c == '*' || command.equals("cdot") || command.equals("times")) {
                in.at += c == '*' ? 1 : command.length() + 1;
                left = joined("*", left, factors.signedFactor());
            } else if (c == '/') {
                in.at++;
                left = joined("/", left, factors.signedFactor());
            } else if (command.equals("bmod") || command.equals("pmod")) {
                throw new Undecided("has a remainder to work out");
            } else if (mixed(left)) {
                left = mixedNumber((Expr.Numeral) left);
            } else if (startsFactor(c, command)) {
                if (Numerals.starts(in) && !(left instanceof Expr.Measure)) {
                    requireAProductBefore(left);
                }
                left = joined("*", left, factors.factor());
            } else {
                return left;
            }
        }
    }

    /** {@code 4 4/9} and {@code 4\frac49}: a whole number and a fraction of whole numbers. */
    private boolean mixed(Expr left) {
        if (!(left instanceof Expr.Numeral whole) || whole.places() > 0) {
            return false;
        }
        int before = in.at - 1;
        while (before > 0 && in.text.charAt(before) == ' ') {
            before--;
        }
        boolean spaced = before >= 0 && before < in.at - 1 && LatexText.isDigit(in.text.charAt(before));
        return in.command().equals("frac") || (spaced && LatexText.isDigit(in.peek()));
    }

    private Expr mixedNumber(Expr.Numeral whole) throws Undecided {
        Expr written = in.peek() == '\\' ? factors.factor() : plainFraction();
        Expr fraction = written instanceof Expr.Measure measure ? measure.value() : written;
        if (fraction instanceof Expr.Apply apply
                && apply.operator().equals("/")
                && apply.arguments().get(0) instanceof Expr.Numeral above
                && apply.arguments().get(1) instanceof Expr.Numeral below
                && above.places() == 0
                && below.places() == 0
                && above.value().minus(below.value()).numerator().signum() < 0) {
            Expr sum = Expr.apply("+", whole, fraction);
            return factors.after(written instanceof Expr.Measure measure ? new Expr.Measure(sum, measure.unit()) : sum);
        }
        if (fraction instanceof Expr.Apply product && product.operator().equals("/") && !numbers(product)) {
            return Expr.apply("*", whole, fraction);
        }
        throw new Undecided("a mixed number needs a proper fraction");
    }

    private static boolean numbers(Expr.Apply fraction) {
        return fraction.arguments().stream().allMatch(Expr.Numeral.class::isInstance);
    }

    private Expr plainFraction() throws Undecided {
        Expr above = Numerals.read(in);
        in.expect("/");
        in.spaces();
        if (!Numerals.starts(in)) {
            throw in.fault();
        }
        return Expr.apply("/", above, Numerals.read(in));
    }

    /** Rejects two numbers side by side, {@code 3 4} and {@code (11) 4/9}; {@code (n - 2) 2^n} is a product. */
    private void requireAProductBefore(Expr left) throws Undecided {
        int before = in.at - 1;
        while (before > 0 && in.text.charAt(before) == ' ') {
            before--;
        }
        char last = before < 0 ? ' ' : in.text.charAt(before);
        boolean product = last == '}' || last == '|' || (last == ')' && !Exprs.isConstant(left));
        if (!product || (left instanceof Expr.Apply apply && apply.operator().equals("/"))) {
            throw in.fault();
        }
    }

    /** Whether a factor of an unwritten product starts here. */
    boolean startsFactor(char c, String command) {
        if (LatexText.isDigit(c) || c == '(' || c == '{' || c == '[') {
            return true;
        }
        if (c == '|') {
            return in.bars == 0;
        }
        if (LatexText.isLetter(c)) {
            return !SEPARATORS.contains(in.word().toLowerCase(Locale.ROOT)) && StatementParser.glued(in.word()) == 0;
        }
        return !command.isEmpty() && CommandParser.isFactor(command);
    }
}
