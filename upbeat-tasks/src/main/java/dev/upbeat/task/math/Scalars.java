package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Compares numbers and formulas by value. */
final class Scalars {
    private static final int POINTS = 8;
    private static final int POINTS_NEEDED = 3;

    /** Fewest significant digits of a rounded number that counts as the exact one. */
    private static final int DIGITS_OF_GOLD = 2;

    private static final int DIGITS_OF_ANSWER = 4;
    private static final int DIGITS_OF_DECIMALS = 6;

    private final Budget budget;

    Scalars(Budget budget) {
        this.budget = budget;
    }

    boolean same(Expr gold, Expr answer) throws Undecided {
        if (gold instanceof Expr.Based || answer instanceof Expr.Based) {
            return sameNumeral(gold, answer);
        }
        Rational a = Exact.value(gold, budget);
        Rational b = Exact.value(answer, budget);
        if (a != null && b != null) {
            return a.equals(b) || rounded(gold, a, answer, b);
        }
        if (Exprs.isConstant(gold) && Exprs.isConstant(answer)) {
            Approx x = new Evaluator(0, budget).value(gold);
            Approx y = new Evaluator(0, budget).value(answer);
            return x.agrees(y) || rounded(gold, x, answer, y);
        }
        return sameFunction(gold, answer);
    }

    /** Digits and base as written: the answer to "in base 8" is the numeral, not its value. */
    private static boolean sameNumeral(Expr gold, Expr answer) {
        return numeral(gold).equals(numeral(answer));
    }

    private static String numeral(Expr expr) {
        if (expr instanceof Expr.Based based) {
            return based.digits() + " " + based.base();
        }
        return expr instanceof Expr.Numeral number ? number.value() + " 10" : "";
    }

    private boolean sameFunction(Expr gold, Expr answer) throws Undecided {
        int seen = 0;
        @Nullable Undecided fault = null;
        for (int point = 0; point < POINTS && seen < 5; point++) {
            boolean agree;
            try {
                Approx x = new Evaluator(point, budget).value(gold);
                agree = x.agrees(new Evaluator(point, budget).value(answer));
            } catch (Undecided e) {
                budget.spend(1); // ends the comparison if the budget is exhausted
                fault = e;
                continue;
            }
            if (!agree) {
                return PositiveVariables.hasBranches(gold) && new PositiveVariables(budget).same(gold, answer);
            }
            seen++;
        }
        if (seen < POINTS_NEEDED) {
            throw fault == null ? new Undecided("too few values") : fault;
        }
        return true;
    }

    private static boolean rounded(Expr gold, Rational a, Expr answer, Rational b) {
        Decimal x = Decimal.of(gold);
        Decimal y = Decimal.of(answer);
        if (x != null && y != null) {
            Decimal coarse = x.half().minus(y.half()).numerator().signum() > 0 ? x : y;
            return coarse.digits() >= DIGITS_OF_DECIMALS
                    && !x.half().equals(y.half())
                    && within(a.minus(b), coarse.half());
        }
        if (x != null) {
            return !b.isInteger() && x.digits() >= DIGITS_OF_GOLD && within(a.minus(b), x.half());
        }
        return y != null && !a.isInteger() && y.digits() >= DIGITS_OF_ANSWER && within(a.minus(b), y.half());
    }

    private static boolean within(Rational difference, Rational half) {
        Rational size = difference.numerator().signum() < 0 ? difference.negate() : difference;
        return size.minus(half).numerator().signum() <= 0;
    }

    private static boolean rounded(Expr gold, Approx a, Expr answer, Approx b) {
        Decimal x = Decimal.of(gold);
        Decimal y = Decimal.of(answer);
        Decimal decimal = x != null ? x : y;
        if (decimal == null || decimal.digits() < (x != null ? DIGITS_OF_GOLD : DIGITS_OF_ANSWER)) {
            return false;
        }
        double half = Evaluator.toDouble(decimal.half());
        return Math.hypot(a.re() - b.re(), a.im() - b.im()) <= half * (1 + 1e-9);
    }

    /**
     * A number with a decimal point, perhaps times a power of ten.
     *
     * @param half of its last place
     * @param digits significant
     */
    private record Decimal(Rational half, int digits) {
        static @Nullable Decimal of(Expr expr) {
            if (expr instanceof Expr.Apply apply && apply.operator().equals("neg")) {
                return of(apply.arguments().get(0));
            }
            if (!(expr instanceof Expr.Numeral number) || number.places() == 0) {
                return null;
            }
            Rational last = new Rational(BigInteger.ONE, BigInteger.TEN.pow(Math.min(number.places(), 400)));
            Rational steps = number.value().over(last);
            int digits = steps.numerator().abs().toString().length();
            return new Decimal(last.over(Rational.of(2)), digits);
        }
    }
}
