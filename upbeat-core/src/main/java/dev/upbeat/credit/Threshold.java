package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.Quantile;
import dev.upbeat.series.TopQ;
import dev.upbeat.series.TopQ.Ties;
import java.util.Arrays;

/** A threshold on a token series, computed for each response. */
sealed interface Threshold {
    /**
     * @param series [T], NaN where undefined
     * @return NaN if no value is defined; no value is then on either side of the threshold
     */
    double of(float[] series);

    /** The same number for every response. */
    record Fixed(double value) implements Threshold {
        @Override
        public double of(float[] series) {
            return value;
        }
    }

    /** A quantile of the response's values. */
    record AtQuantile(double q) implements Threshold {
        @Override
        public double of(float[] series) {
            return Quantile.of(series, q);
        }
    }

    /** The smallest of the values in TopQ(series, share). */
    record LeastOfTop(double share, Ties ties) implements Threshold {
        @Override
        public double of(float[] series) {
            return Arrays.stream(TopQ.positions(series, share, ties))
                    .mapToDouble(t -> series[t])
                    .min()
                    .orElse(Double.NaN);
        }
    }

    String FORM = "median, a quantile such as q0.6, or a number of tokens";

    /**
     * Reads {@code median}, {@code q0.6} or a number.
     *
     * @throws BadInputException if the text has another form
     */
    static Threshold parse(String key, String text) {
        return parse(key, text, "");
    }

    /** @param word further word that the key takes, for the message; empty for none */
    static Threshold parse(String key, String text, String word) {
        String number = text.startsWith("q") ? text.substring(1) : text;
        double value = number.matches("\\d{1,9}(\\.\\d{1,15})?") ? Double.parseDouble(number) : Double.NaN;
        if (text.equals("median")) {
            return new AtQuantile(0.5);
        }
        if (Double.isNaN(value) || (text.startsWith("q") && value > 1)) {
            throw new BadInputException(
                    "credit: " + key + " is " + text + "; expected " + (word.isEmpty() ? "" : word + ", ") + FORM);
        }
        return text.startsWith("q") ? new AtQuantile(value) : new Fixed(value);
    }
}
