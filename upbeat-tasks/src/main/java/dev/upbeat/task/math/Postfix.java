package dev.upbeat.task.math;

import dev.upbeat.task.Latex;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the signs after a factor: {@code ^2}, {@code _n}, {@code !}, {@code '}, {@code %}, degrees, units. */
final class Postfix {
    private static final Pattern SCALE = Pattern.compile("\\G *(?:" + Latex.any(Latex.UPRIGHT)
            + " ?\\{ *(C|F|Celsius|Fahrenheit) *\\}|(C|F|Celsius|Fahrenheit)(?![A-Za-z_^]))");

    private Postfix() {}

    static Expr after(Expr base, Cursor in, FactorParser factors) throws Undecided {
        Expr expr = base;
        while (true) {
            boolean spaced = in.spaces();
            char c = in.peek();
            if (c == '^' || (c == '*' && in.peek(1) == '*')) {
                in.at += c == '^' ? 1 : 2;
                expr = power(expr, in, factors);
            } else if (c == '_') {
                in.at++;
                expr = indexed(expr, in);
            } else if (c == '!' && in.peek(1) != '=') {
                in.at++;
                expr = Expr.apply("fact", expr);
            } else if (c == '\'') {
                in.at++;
                expr = primed(expr);
            } else if (c == '%') {
                in.at++;
                expr = new Expr.Measure(expr, Units.PERCENT);
            } else if (c == '(' && expr instanceof Expr.Symbol symbol && isFunction(symbol.name(), in)) {
                Expr of = factors.factorInBrackets();
                List<Expr> arguments = of instanceof Expr.Group group ? group.items() : List.of(of);
                expr = new Expr.Apply("of:" + symbol.name(), arguments);
            } else {
                Expr measured = measured(expr, in, spaced);
                if (measured == expr) {
                    return expr;
                }
                expr = measured;
            }
        }
    }

    /** Whether brackets after a name hold its argument. {@code I(0)} is an initial value, because nobody writes a factor of zero. */
    private static boolean isFunction(String name, Cursor in) {
        if (in.text.startsWith("(0)", in.at)) {
            return true;
        }
        String head = name.charAt(0) == '\\' ? name.substring(1) : name;
        char first = head.charAt(0);
        return (first == 'f' && head.length() <= 3) || "g".equals(head) || "h".equals(head) || head.equals("Phi");
    }

    private static Expr power(Expr base, Cursor in, FactorParser factors) throws Undecided {
        if (in.next() == '{') {
            String inside = in.text
                    .substring(in.at, Math.min(in.text.length(), in.at + 9))
                    .replace(" ", "");
            if (inside.startsWith("{\\circ}") || inside.startsWith("{\\prime}") || inside.startsWith("{'}")) {
                in.raw();
                return inside.contains("circ") ? new Expr.Measure(base, Units.DEGREES) : primed(base);
            }
        }
        if (in.takeCommand("circ")) {
            return new Expr.Measure(base, Units.DEGREES);
        }
        if (in.takeCommand("prime")) {
            return primed(base);
        }
        Expr exponent = factors.exponent();
        if (in.next() == '^') {
            in.at++;
            exponent = power(exponent, in, factors);
        }
        return base instanceof Expr.Measure measure && !measure.unit().equals(Units.PERCENT)
                ? new Expr.Measure(measure.value(), measure.unit())
                : Expr.apply("^", base, exponent);
    }

    private static Expr primed(Expr base) throws Undecided {
        if (base instanceof Expr.Symbol symbol) {
            return new Expr.Symbol(symbol.name() + "'");
        }
        return base;
    }

    /** An index belongs to its name; an index with a sum makes the name a function of the sum. */
    private static Expr indexed(Expr base, Cursor in) throws Undecided {
        if (base instanceof Expr.Apply power && power.operator().equals("^")) {
            return Expr.apply(
                    "^",
                    indexed(power.arguments().get(0), in),
                    power.arguments().get(1)); // v^2_0
        }
        String index = in.raw();
        String name = base instanceof Expr.Symbol symbol ? symbol.name() : null;
        if (name == null) {
            throw new Undecided("an index after an expression that is not a name");
        }
        boolean workedOut = index.indexOf('+') >= 0 || index.indexOf('-') >= 0;
        if (workedOut && index.length() < 60) {
            return new Expr.Apply("of:" + name, List.of(new StatementParser(index).whole()));
        }
        String plain = LatexText.words(index);
        if (plain.length() == 1 && "ijkmn".contains(plain)) {
            return new Expr.Apply("of:" + name, List.of(new Expr.Symbol(plain)));
        }
        return new Expr.Symbol(name + "_" + plain);
    }

    private static Expr measured(Expr expr, Cursor in, boolean spaced) throws Undecided {
        if (in.takeCommand("circ")) {
            return new Expr.Measure(expr, Units.DEGREES);
        }
        char c = in.peek();
        if ((c != '\\' && !LatexText.isLetter(c)) || !isValue(expr)) {
            return expr;
        }
        String temperature = expr instanceof Expr.Measure angle && angle.unit().equals(Units.DEGREES) ? scale(in) : "";
        if (!temperature.isEmpty()) {
            return new Expr.Measure(((Expr.Measure) expr).value(), temperature);
        }
        boolean number = !(expr instanceof Expr.Symbol) && !(expr instanceof Expr.Apply);
        String unit = new UnitReader(in).read(spaced && number);
        if (unit != null) {
            if (unit.contains("repeating") || unit.contains("recurring")) {
                throw new Undecided("a repeating decimal in words");
            }
            return new Expr.Measure(expr, unit);
        }
        return spaced && LatexText.isLetter(in.peek()) && !(expr instanceof Expr.Symbol) ? words(expr, in) : expr;
    }

    /** Celsius or Fahrenheit after a degree sign. */
    private static String scale(Cursor in) {
        Matcher matcher = SCALE.matcher(in.text);
        if (!matcher.find(in.at)) {
            return "";
        }
        in.at = matcher.end();
        String letter = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return letter.startsWith("C") ? Units.CELSIUS : Units.FAHRENHEIT;
    }

    /** Reads counted things, {@code 21 dogs}: only words of three letters or more up to the end. */
    private static Expr words(Expr expr, Cursor in) {
        String rest = in.text.substring(in.at).strip();
        boolean onlyWords =
                rest.length() <= 60 && rest.chars().allMatch(c -> c == ' ' || (c < 128 && Character.isLetter(c)));
        if (!onlyWords || in.word().length() < 3 || rest.contains(" and ") || rest.contains(" or ")) {
            return expr;
        }
        if (rest.contains("repeating") || rest.contains("recurring")) {
            return expr;
        }
        in.at = in.text.length();
        return new Expr.Measure(expr, Units.of(rest));
    }

    /** Whether a unit may follow. */
    private static boolean isValue(Expr expr) {
        return !(expr instanceof Expr.Symbol symbol && symbol.name().startsWith("text:"))
                && !(expr instanceof Expr.Relation);
    }
}
