package dev.upbeat.task.math;

import java.util.Set;

/** Named functions of complex numbers. */
final class Functions {
    private static final Set<String> OF_ANGLES = Set.of("sin", "cos", "tan", "cot", "sec", "csc");
    private static final Approx ONE = Approx.of(1);
    private static final Approx TWO = Approx.of(2);
    private static final Approx I = new Approx(0, 1, 0);

    /** Lanczos, g = 7, n = 9: about 15 digits. */
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };

    private Functions() {}

    static boolean takesAngle(String name) {
        return OF_ANGLES.contains(name);
    }

    static Approx apply(String name, Approx[] of) throws Undecided {
        Approx x = of[0];
        return switch (name) {
            case "+" -> {
                Approx sum = x;
                for (int i = 1; i < of.length; i++) {
                    sum = sum.plus(of[i]);
                }
                yield sum;
            }
            case "*" -> x.times(of[1]);
            case "/", ":" -> over(x, of[1]);
            case "neg" -> x.negate();
            case "^" -> x.power(of[1]);
            case "root" -> root(x, of[1]);
            case "abs" -> Approx.of(x.size(), 0, x.error());
            case "exp" -> x.exp();
            case "ln" -> log(x);
            case "log" -> of.length == 2 ? over(log(x), log(of[1])) : log(x);
            case "lg" -> over(log(x), log(Approx.of(10)));
            case "sin" -> sin(x);
            case "cos" -> cos(x);
            case "tan" -> over(sin(x), cos(x));
            case "cot" -> over(cos(x), sin(x));
            case "sec" -> over(ONE, cos(x));
            case "csc" -> over(ONE, sin(x));
            case "sinh" -> over(x.exp().plus(x.negate().exp().negate()), TWO);
            case "cosh" -> over(x.exp().plus(x.negate().exp()), TWO);
            case "tanh" -> {
                Approx twice = x.times(TWO).exp();
                yield over(twice.plus(ONE.negate()), twice.plus(ONE));
            }
            case "arctan" -> x.map(Math.atan(real(x)), 1 / (1 + x.re() * x.re()));
            case "arcsin" -> x.map(Math.asin(real(x)), 1 / Math.sqrt(1 - x.re() * x.re()));
            case "arccos" -> x.map(Math.acos(real(x)), 1 / Math.sqrt(1 - x.re() * x.re()));
            case "fact" -> factorial(x);
            case "binom" -> over(factorial(x), factorial(of[1]).times(factorial(x.plus(of[1].negate()))));
            case "floor" -> Approx.of(Math.floor(real(x) + 1e-11 * Math.max(1, Math.abs(x.re()))));
            case "ceil" -> Approx.of(Math.ceil(real(x) - 1e-11 * Math.max(1, Math.abs(x.re()))));
            default -> throw new Undecided("\"" + name + "\" is not supported");
        };
    }

    private static double real(Approx x) throws Undecided {
        if (!x.isReal()) {
            throw new Undecided("a real number is needed");
        }
        return x.re();
    }

    private static Approx over(Approx a, Approx b) throws Undecided {
        if (b.size() <= 8 * b.error()) {
            throw new Undecided("divides by zero");
        }
        return a.over(b);
    }

    private static Approx log(Approx x) throws Undecided {
        if (x.size() <= 8 * x.error()) {
            throw new Undecided("the logarithm of zero");
        }
        return x.log();
    }

    private static Approx root(Approx x, Approx degree) throws Undecided {
        if (x.size() == 0) {
            return x;
        }
        boolean odd = degree.im() == 0 && degree.re() % 2 == 1;
        if (odd && x.im() == 0 && x.re() < 0) {
            return x.negate().power(over(ONE, degree)).negate();
        }
        if (degree.re() == 2 && x.im() == 0) {
            double root = Math.sqrt(Math.abs(x.re()));
            double error = x.error() / root;
            return x.re() < 0 ? Approx.of(0, root, error) : Approx.of(root, 0, error);
        }
        return x.power(over(ONE, degree));
    }

    private static Approx sin(Approx x) {
        if (x.im() == 0) {
            return Approx.of(Math.sin(x.re()), 0, x.error());
        }
        Approx up = I.times(x).exp();
        return up.plus(I.times(x).negate().exp().negate()).over(new Approx(0, 2, 0));
    }

    private static Approx cos(Approx x) {
        if (x.im() == 0) {
            return Approx.of(Math.cos(x.re()), 0, x.error());
        }
        return I.times(x).exp().plus(I.times(x).negate().exp()).over(TWO);
    }

    private static Approx factorial(Approx x) throws Undecided {
        double n = real(x);
        if (Math.abs(n) > 170) {
            throw new Undecided("a factorial too large to work out");
        }
        double value = gamma(n + 1);
        return Approx.of(value, 0, Math.abs(value) * 1e-13);
    }

    private static double gamma(double z) {
        if (z < 0.5) {
            return Math.PI / (Math.sin(Math.PI * z) * gamma(1 - z));
        }
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (z - 1 + i);
        }
        double t = z + 6.5;
        return Math.sqrt(2 * Math.PI) * Math.pow(t, z - 0.5) * Math.exp(-t) * sum;
    }
}
