package dev.upbeat.app.study;

import dev.upbeat.app.study.output.Format;
import dev.upbeat.stats.Interval;
import dev.upbeat.study.grid.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of an outcome are shown: accuracies as percent with differences in points, rewards as they are.
 *
 * @param factor of a number
 * @param decimals of a value; differences have one more
 * @param value suffix of a column of values
 * @param difference name of the unit of differences
 */
record OutcomeUnit(int factor, int decimals, String value, String difference) {
    static final OutcomeUnit SHARE = new OutcomeUnit(100, 1, " %", "points");
    private static final OutcomeUnit REWARD = new OutcomeUnit(1, 3, "", "reward");

    static OutcomeUnit of(Outcome outcome) {
        return outcome.isAccuracy() ? SHARE : REWARD;
    }

    String value(double value) {
        return Format.decimal(factor * value, decimals);
    }

    /** A value of one run or a deviation, with one more decimal. */
    String exact(double value) {
        return Format.decimal(factor * value, decimals + 1);
    }

    String bySeed(double[] values) {
        List<String> texts = new ArrayList<>();
        for (double value : values) {
            texts.add(value(value));
        }
        return String.join(", ", texts);
    }

    String difference(double difference) {
        return Format.signed(factor * difference, decimals + 1);
    }

    String interval(@Nullable Interval interval) {
        return interval == null
                ? Format.NONE
                : Format.interval(difference(interval.low()), difference(interval.high()));
    }
}
