package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions exactly over the rationals, with a bound on the size of values. */
final class Exact {
    /** Bits of a numerator and denominator together; 200-digit integers are 665. */
    private static final int MOST_BITS = 20_000;

    private static final int MOST_FACTORIAL = 1_000;

    private Exact() {}

    /**
     * The value; null if it is not rational, or not seen to be.
     *
     * @throws Undecided if the value is undefined or too large
     */
    static @Nullable Rational value(Expr expr, Budget budget) throws Undecided {
        budget.spend(1);
        if (expr instanceof Expr.Numeral number) {
            return number.value();
        }
        if (expr instanceof Expr.Measure measure) {
            Rational value = value(measure.value(), budget);
            return value == null || !measure.unit().equals(Units.PERCENT) ? value : value.over(Rational.of(100));
        }
        if (expr instanceof Expr.Based based) {
            return based(based);
        }
        if (!(expr instanceof Expr.Apply apply) || apply.operator().indexOf(':') > 0) {
            return null;
        }
        Rational[] values = new Rational[apply.arguments().size()];
        for (int i = 0; i < values.length; i++) {
            Rational value = value(apply.arguments().get(i), budget);
            if (value == null) {
                return null;
            }
            values[i] = value;
            budget.spend(bits(value) / 64);
        }
        Rational result = apply(apply.operator(), values);
        if (result != null && bits(result) > MOST_BITS) {
            throw new Undecided("a number too large to work out");
        }
        return result;
    }

    private static int bits(Rational value) {
        return value.numerator().bitLength() + value.denominator().bitLength();
    }

    private static Rational based(Expr.Based based) throws Undecided {
        try {
            return new Rational(new BigInteger(based.digits(), based.base()), BigInteger.ONE);
        } catch (NumberFormatException e) {
            throw new Undecided(based.digits() + " has digits that do not exist in base " + based.base());
        }
    }

    private static @Nullable Rational apply(String operator, Rational[] of) throws Undecided {
        switch (operator) {
            case "+" -> {
                return List.of(of).stream().reduce(Rational.ZERO, Rational::plus);
            }
            case "*" -> {
                return of[0].times(of[1]);
            }
            case "/", ":" -> {
                if (of[1].isZero()) {
                    throw new Undecided("divides by zero");
                }
                return of[0].over(of[1]);
            }
            case "neg" -> {
                return of[0].negate();
            }
            case "abs" -> {
                return of[0].numerator().signum() < 0 ? of[0].negate() : of[0];
            }
            case "^" -> {
                return power(of[0], of[1]);
            }
            case "root" -> {
                return root(of[0], of[1]);
            }
            case "fact" -> {
                return factorial(of[0]);
            }
            case "floor", "ceil" -> {
                BigInteger[] parts = of[0].numerator().divideAndRemainder(of[0].denominator());
                int step = parts[1].signum() == (operator.equals("ceil") ? 1 : -1) ? parts[1].signum() : 0;
                return new Rational(parts[0].add(BigInteger.valueOf(step)), BigInteger.ONE);
            }
            case "binom" -> {
                return binomial(of[0], of[1]);
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable Rational power(Rational base, Rational exponent) throws Undecided {
        if (!exponent.isInteger()) {
            Rational root = root(base, new Rational(exponent.denominator(), BigInteger.ONE));
            return root == null ? null : power(root, new Rational(exponent.numerator(), BigInteger.ONE));
        }
        if (base.equals(Rational.ONE)) {
            return base;
        }
        if (base.isZero()) {
            if (exponent.numerator().signum() <= 0) {
                throw new Undecided("zero to the power " + exponent);
            }
            return base;
        }
        if (exponent.numerator().bitLength() > 16) {
            throw new Undecided("a power too large to work out");
        }
        int times = exponent.numerator().intValueExact();
        if ((long) Math.abs(times) * bits(base) > MOST_BITS) {
            throw new Undecided("a power too large to work out");
        }
        Rational power = new Rational(
                base.numerator().pow(Math.abs(times)), base.denominator().pow(Math.abs(times)));
        return times < 0 ? Rational.ONE.over(power) : power;
    }

    /** The root of a perfect power; null for any other number. */
    private static @Nullable Rational root(Rational of, Rational degree) throws Undecided {
        if (!degree.isInteger()
                || degree.numerator().bitLength() > 6
                || degree.numerator().signum() <= 0) {
            return null;
        }
        int n = degree.numerator().intValueExact();
        if (of.numerator().signum() < 0) {
            return null;
        }
        if (bits(of) > 2_000) {
            throw new Undecided("a root of a number too large");
        }
        BigInteger above = root(of.numerator(), n);
        BigInteger below = root(of.denominator(), n);
        boolean perfect = above.pow(n).equals(of.numerator()) && below.pow(n).equals(of.denominator());
        return perfect ? new Rational(above, below) : null;
    }

    /** The largest integer whose n-th power is not larger; Newton's iteration from above. */
    private static BigInteger root(BigInteger of, int n) {
        if (of.signum() == 0 || n == 1) {
            return of;
        }
        BigInteger guess = BigInteger.ONE.shiftLeft(of.bitLength() / n + 1);
        while (true) {
            BigInteger better = guess.multiply(BigInteger.valueOf(n - 1))
                    .add(of.divide(guess.pow(n - 1)))
                    .divide(BigInteger.valueOf(n));
            if (better.compareTo(guess) >= 0) {
                return guess;
            }
            guess = better;
        }
    }

    private static Rational factorial(Rational of) throws Undecided {
        if (!of.isInteger()
                || of.numerator().signum() < 0
                || of.numerator().compareTo(BigInteger.valueOf(MOST_FACTORIAL)) > 0) {
            throw new Undecided("the factorial of " + (bits(of) < 64 ? of : "a large number"));
        }
        int n = of.numerator().intValueExact();
        BigInteger product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return new Rational(product, BigInteger.ONE);
    }

    private static Rational binomial(Rational n, Rational k) throws Undecided {
        if (!n.isInteger()
                || !k.isInteger()
                || k.numerator().signum() < 0
                || k.numerator().bitLength() > 8) {
            throw new Undecided("a binomial of other than small whole numbers");
        }
        Rational product = Rational.ONE;
        for (int i = 0; i < k.numerator().intValueExact(); i++) {
            product = product.times(n.minus(Rational.of(i))).over(Rational.of(i + 1));
        }
        return product;
    }
}
