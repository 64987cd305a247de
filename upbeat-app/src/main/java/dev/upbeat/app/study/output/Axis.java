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
     * An axis that spans the values and ends at ticks.
     *
     * @param most approximate largest number of ticks
     */
    public static Axis over(double least, double greatest, double start, double end, int most) {
        double span = greatest > least ? greatest - least : Math.max(1, Math.abs(least));
        double power = Math.pow(10, Math.floor(Math.log10(span / most)));
        double step = power;
        for (double factor : new double[] {1, 2, 5, 10}) {
            step = factor * power;
            if (span / step <= most) {
                break;
            }
        }
        double low = Math.floor(least / step + 1e-9) * step;
        double high = Math.ceil(Math.max(greatest, low + step) / step - 1e-9) * step;
        return new Axis(low, high, start, end, step);
    }

    public double at(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    public List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long count = Math.round((high - low) / step);
        for (long i = 0; i <= count; i++) {
            ticks.add(low + i * step);
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
