package dev.upbeat.task.math;

/**
 * A complex number with a bound on its rounding error, carried through every operation to first order.
 *
 * @param error absolute
 */
record Approx(double re, double im, double error) {
    private static final double EPSILON = 0x1p-52;

    static Approx of(double re) {
        return new Approx(re, 0, Math.abs(re) * EPSILON);
    }

    static Approx of(double re, double im, double inherited) {
        return new Approx(re, im, inherited + 4 * EPSILON * Math.hypot(re, im));
    }

    double size() {
        return Math.hypot(re, im);
    }

    boolean isReal() {
        return Math.abs(im) <= 1e3 * error + 1e-13 * Math.abs(re);
    }

    boolean isFinite() {
        return Double.isFinite(re) && Double.isFinite(im) && Double.isFinite(error);
    }

    /** Whether both may be the same number, and both are exact enough to decide. */
    boolean agrees(Approx other) throws Undecided {
        double scale = Math.max(size(), other.size());
        double doubt = 64 * (error + other.error) + 1e-300;
        if (doubt > 1e-6 * scale && scale > 1e-6) {
            throw new Undecided("too much is lost to rounding");
        }
        return Math.hypot(re - other.re, im - other.im) <= Math.max(doubt, 1e-11 * scale);
    }

    Approx negate() {
        return new Approx(-re, -im, error);
    }

    Approx plus(Approx b) {
        return of(re + b.re, im + b.im, error + b.error);
    }

    Approx times(Approx b) {
        return of(re * b.re - im * b.im, re * b.im + im * b.re, size() * b.error + b.size() * error);
    }

    Approx over(Approx b) {
        double norm = b.re * b.re + b.im * b.im;
        double size = Math.sqrt(norm);
        return of(
                (re * b.re + im * b.im) / norm,
                (im * b.re - re * b.im) / norm,
                (error + size() / size * b.error) / size);
    }

    Approx exp() {
        double size = Math.exp(re);
        return of(size * Math.cos(im), size * Math.sin(im), size * error);
    }

    /** The logarithm, on the principal branch. */
    Approx log() {
        return of(Math.log(size()), Math.atan2(Math.abs(im) < 1e-300 ? 0 : im, re), error / size());
    }

    /** The power, on the principal branch; whole powers by multiplication. */
    Approx power(Approx exponent) {
        boolean whole = exponent.im == 0 && exponent.re == Math.rint(exponent.re) && Math.abs(exponent.re) <= 64;
        if (whole) {
            Approx product = of(1);
            for (int i = 0; i < Math.abs((int) exponent.re); i++) {
                product = product.times(this);
            }
            return exponent.re < 0 ? of(1).over(product) : product;
        }
        if (size() == 0) {
            return exponent.re > 0 ? this : new Approx(Double.NaN, 0, 0);
        }
        return log().times(exponent).exp();
    }

    /** A real function of a real number. */
    Approx map(double value, double slope) {
        return of(value, 0, Math.abs(slope) * error);
    }
}
