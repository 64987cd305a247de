package dev.upbeat.app.figure;

import java.util.Arrays;

/**
 * Background colours of tokens by the values of a metric: the light ramp of the report's page, evenly by value. Its lightness
 * changes evenly and in one direction only (OKLCH).
 */
final class Tint {
    /** Share of the tokens at either end that get the end colours. */
    private static final double TAIL = 0.02;

    /** Relative difference of values that are equal except for rounding. */
    private static final double ROUNDING = 1e-6;

    private static final double[] PALE = {0.985, 0.008, 195}; // lightness, chroma, hue
    private static final double[] DARK = {0.68, 0.13, 245};

    private final double from;
    private final double to;

    /** @param low whether the small values are the striking ones, which are darker */
    Tint(float[] values, boolean low) {
        float[] defined = new float[values.length];
        int n = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                defined[n++] = value;
            }
        }
        Arrays.sort(defined, 0, n);
        double first = n == 0 ? Double.NaN : defined[(int) Math.round(TAIL * (n - 1))];
        double last = n == 0 ? Double.NaN : defined[(int) Math.round((1 - TAIL) * (n - 1))];
        from = low ? last : first;
        to = low ? first : last;
    }

    /** The value of the palest colour; NaN if no value is defined. */
    double from() {
        return from;
    }

    /** The value of the darkest colour; NaN if no value is defined. */
    double to() {
        return to;
    }

    String of(double value) {
        boolean level = Math.abs(to - from) <= ROUNDING * Math.max(Math.abs(from), Math.abs(to));
        return colour(level ? 0 : (value - from) / (to - from));
    }

    /** The colour of a level, which is limited to [0, 1]. OKLCH to sRGB, after B. Ottosson's definition of OKLab. */
    static String colour(double level) {
        double share = Math.min(1, Math.max(0, level));
        double[] mixed = new double[PALE.length];
        Arrays.setAll(mixed, i -> PALE[i] + share * (DARK[i] - PALE[i]));
        double a = mixed[1] * Math.cos(Math.toRadians(mixed[2]));
        double b = mixed[1] * Math.sin(Math.toRadians(mixed[2]));
        double l = Math.pow(mixed[0] + 0.3963377774 * a + 0.2158037573 * b, 3);
        double m = Math.pow(mixed[0] - 0.1055613458 * a - 0.0638541728 * b, 3);
        double s = Math.pow(mixed[0] - 0.0894841775 * a - 1.291485548 * b, 3);
        return "#%02x%02x%02x"
                .formatted(
                        channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
                        channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
                        channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s));
    }

    private static int channel(double linear) {
        double c = Math.min(1, Math.max(0, linear));
        return (int) Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * Math.pow(c, 1 / 2.4) - 0.055));
    }
}
