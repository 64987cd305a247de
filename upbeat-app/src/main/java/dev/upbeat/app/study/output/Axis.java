package dev.upbeat.app.study.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale from values to pixels, with round ticks at and between its ends.
 *
 * @param low value at {@code start}
 * @param high value at {@code end}
 * @param start pixels
 * @param end pixels; less than start if values grow upwards
 * @param step between ticks
 */
public record Axis(double low, double high, double start, double end, double step) {
    /**
     * Limits of an axis.
     *
     * @param shortest least difference of its ends, above 0
     * @param top largest possible value, a round number; infinity for none
     */
    public record Limits(double shortest, double top) {
        /** Limits of shares in percent. */
        public static final Limits PERCENT = new Limits(5, 100);
    }

    /** Share of the largest value that an axis spans at least, so that small changes are drawn small. */
    private static final double LEAST_SHARE = 0.1;

    /** Relative error of a tick that floating-point arithmetic leaves. */
    private static final double ROUNDING = 1e-9;

    /**
     * An axis that spans the values and ends at ticks. It crosses zero and the top only if the values do.
     *
     * @param most approximate largest number of ticks
     */
    public static Axis over(double least, double greatest, Limits limits, double start, double end, int most) {
        double needed = Math.max(limits.shortest, LEAST_SHARE * Math.max(Math.abs(least), Math.abs(greatest)));
        double room = Math.max(0, needed - (greatest - least)) / 2;
        double from = least - room;
        double to = greatest + room;
        if (least >= 0 && from < 0) {
            from = 0;
            to = Math.max(to, needed);
        } else if (greatest <= 0 && to > 0) {
            from = Math.min(from, -needed);
            to = 0;
        } else if (greatest <= limits.top && to > limits.top) {
            from = Math.min(from, limits.top - needed);
            to = limits.top;
        }
        double step = step(to - from, most, 0);
        return new Axis(floor(from, step), ceiling(to, step), start, end, step);
    }

    /** An axis of whole numbers, such as steps; two ticks at least. */
    public static Axis ofWhole(double least, double greatest, double start, double end, int most) {
        double step = step(Math.max(1, greatest - least), most, 1);
        double low = floor(least, step);
        return new Axis(low, Math.max(ceiling(greatest, step), low + step), start, end, step);
    }

    /** The smallest of 1, 2 and 5 times a power of ten, {@code finest} or larger, that divides a span into at most {@code most} parts. */
    private static double step(double span, int most, double finest) {
        double power = Math.pow(10, Math.floor(Math.log10(span / most)));
        for (double factor : new double[] {1, 2, 5}) {
            if (span / (factor * power) <= most && factor * power >= finest) {
                return factor * power;
            }
        }
        return Math.max(10 * power, finest);
    }

    private static double floor(double value, double step) {
        return Math.floor(value / step + ROUNDING) * step;
    }

    private static double ceiling(double value, double step) {
        return Math.ceil(value / step - ROUNDING) * step;
    }

    public double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    public List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long count = Math.round((high - low) / step);
        long first = Math.round(low / step);
        for (long i = 0; i <= count; i++) {
            ticks.add((first + i) * step);
        }
        return ticks;
    }

    /** Label of a tick, with enough decimals to differ from its neighbours. */
    public String label(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", tick);
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }
}
