package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions at one point. The value of a variable depends on its name and the point alone, so both sides of a
 * comparison have the same. Two expressions that agree at several such points count as the same function.
 */
final class Evaluator {
    private static final double DEGREE = Math.PI / 180;
    private static final double[] SCALES = {1, 8, 0.2, 60};
    private static final Set<String> OF_POSITIVE = Set.of("root", "ln", "log", "lg", "^");

    private final int point;
    private final Budget budget;
    private final Map<String, Double> given = new HashMap<>();

    /** Factor of all variables if they are positive; 0 if they have either sign. */
    private double scale;

    private boolean real;

    Evaluator(int point, Budget budget) {
        this.point = point;
        this.budget = budget;
    }

    /** With positive variables whose size differs between points; {@code signs}: of either sign at every second point. */
    static Evaluator positive(int point, boolean signs, Budget budget) {
        Evaluator evaluator = new Evaluator(1_000 + point, budget);
        evaluator.scale = signs && point % 2 == 1 ? 0 : SCALES[point / 2 % SCALES.length];
        return evaluator;
    }

    /** Leaves even roots and logarithms of negative numbers undecided. */
    Evaluator real() {
        real = true;
        return this;
    }

    /** A variable's value at this point, instead of a random one. */
    Evaluator with(String name, double value) {
        given.put(name, value);
        return this;
    }

    /** @throws Undecided if it has no value */
    Approx value(Expr expr) throws Undecided {
        return value(expr, false);
    }

    private Approx value(Expr expr, boolean angle) throws Undecided {
        budget.spend(4);
        if (expr instanceof Expr.Numeral number) {
            return Approx.of(toDouble(number.value()));
        }
        if (expr instanceof Expr.Symbol symbol) {
            return symbol(symbol.name());
        }
        if (expr instanceof Expr.Measure measure) {
            Approx value = value(measure.value(), angle);
            double scale = measure.unit().equals(Units.PERCENT) ? 0.01 : 1;
            return value.times(Approx.of(angle && measure.unit().equals(Units.DEGREES) ? DEGREE : scale));
        }
        if (expr instanceof Expr.Apply apply) {
            return apply(apply, angle);
        }
        Rational exact = Exact.value(expr, budget);
        if (exact == null) {
            throw new Undecided("a value that is not a number");
        }
        return Approx.of(toDouble(exact));
    }

    static double toDouble(Rational value) {
        if (value.isInteger() && value.numerator().bitLength() < 53) {
            return value.numerator().longValue();
        }
        return new BigDecimal(value.numerator())
                .divide(new BigDecimal(value.denominator()), MathContext.DECIMAL64)
                .doubleValue();
    }

    private Approx symbol(String name) {
        Double value = given.get(name);
        if (value != null) {
            return Approx.of(value);
        }
        return switch (name) {
            case "\\pi" -> Approx.of(Math.PI);
            case "e" -> Approx.of(Math.E);
            case "i" -> new Approx(0, 1, 0);
            default -> Approx.of(random(name));
        };
    }

    /** A value in [0.3, 3.3), of either sign at later points. */
    private double random(String name) {
        long mixed = (name.hashCode() * 0x9E3779B97F4A7C15L) ^ (point * 0xC2B2AE3D27D4EB4FL);
        mixed = (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 32;
        double value = 0.3 + 3 * ((mixed >>> 11) * 0x1p-53);
        if (scale > 0) {
            return scale * value;
        }
        return point >= 3 && (mixed & 1) == 1 ? -value : value;
    }

    private Approx apply(Expr.Apply apply, boolean angle) throws Undecided {
        String operator = apply.operator();
        boolean trigonometric = Functions.takesAngle(operator);
        List<Expr> arguments = apply.arguments();
        Approx[] of = new Approx[arguments.size()];
        for (int i = 0; i < of.length; i++) {
            of[i] = value(arguments.get(i), trigonometric || (angle && "+*/neg".contains(operator)));
        }
        if (operator.equals("^") && of[0].size() > 0) {
            // (-8)^{1/3} usually means -2; other powers take the principal branch
            Approx real = oddRoot(of[0], Exact.value(arguments.get(1), budget));
            if (real != null) {
                return real;
            }
        }
        if (real && OF_POSITIVE.contains(operator)) {
            requireReal(operator, of);
        }
        if (operator.startsWith("of:") || operator.startsWith("large:")) {
            return unknown(operator, of);
        }
        Approx result = Functions.apply(operator, of);
        if (!result.isFinite()) {
            throw new Undecided("has no finite value");
        }
        return result;
    }

    private static void requireReal(String operator, Approx[] of) throws Undecided {
        boolean whole = operator.equals("^") && of[1].im() == 0 && of[1].re() == Math.rint(of[1].re());
        boolean odd = operator.equals("root") && of[1].im() == 0 && of[1].re() % 2 == 1;
        if (!of[0].isReal() || (!whole && !odd && of[0].re() < 0)) {
            throw new Undecided("not real");
        }
    }

    static @Nullable Approx oddRoot(Approx base, @Nullable Rational exponent) {
        if (exponent == null || exponent.isInteger() || base.re() >= 0 || base.im() != 0) {
            return null;
        }
        if (!exponent.denominator().testBit(0) || exponent.denominator().bitLength() > 6) {
            return null;
        }
        double size = Math.pow(-base.re(), toDouble(exponent));
        return Approx.of(exponent.numerator().testBit(0) ? -size : size, 0, base.error() * size / base.size());
    }

    /** An unknown function: smooth, and different for every name. */
    private Approx unknown(String name, Approx[] of) {
        Approx sum = Approx.of(random(name));
        for (int i = 0; i < of.length; i++) {
            Approx weight = Approx.of(random(name + i));
            sum = sum.plus(of[i].times(weight)).plus(of[i].times(of[i]).times(Approx.of(0.1 * (i + 1))));
        }
        return sum;
    }
}
