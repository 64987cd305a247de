package dev.upbeat.study.choices;

import dev.upbeat.credit.CreditKey;
import dev.upbeat.credit.CreditOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A reading of Eq. 18-19 of arXiv 2510.13554: values other than the defaults for options of coupled-rhythm that the
 * paper leaves open.
 *
 * @param changed values by option, in the order shown
 */
public record Reading(Map<CreditKey, Object> changed) {
    /** Readings that change one option each, then the reading of public re-implementations of the paper. */
    public static final List<Reading> ALL = all();

    private static List<Reading> all() {
        List<Reading> readings = new ArrayList<>();
        add(readings, CreditKey.TAU_WAAD, "q0.25", "q0.75");
        add(readings, CreditKey.TAU_DELTA, "median", "q0.75");
        add(readings, CreditKey.LOOKBACK, 1, 2);
        add(readings, CreditKey.INTRO, "earlier");
        add(readings, CreditKey.SHARED_INTRO, "each");
        add(readings, CreditKey.OVERLAP, "overwrite");
        add(readings, CreditKey.TIES, "later");
        add(readings, CreditKey.ALPHA, 0.25, 0.75);
        Map<CreditKey, Object> published = new LinkedHashMap<>();
        published.put(CreditKey.TAU_DELTA, "median");
        published.put(CreditKey.OVERLAP, "overwrite");
        readings.add(new Reading(published));
        return List.copyOf(readings);
    }

    private static void add(List<Reading> readings, CreditKey key, Object... values) {
        for (Object value : values) {
            readings.add(new Reading(Map.of(key, value)));
        }
    }

    /** The options with the values of this reading. */
    CreditOptions of(CreditOptions base) {
        CreditOptions options = base;
        for (Map.Entry<CreditKey, Object> each : changed.entrySet()) {
            options = options.with(each.getKey(), each.getValue());
        }
        return options;
    }

    /** As in a configuration: {@code tau_delta median, overlap overwrite}. */
    public String name() {
        return changed.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }
}
