package dev.upbeat.app.analyze;

import dev.upbeat.store.RunRow;
import dev.upbeat.store.TrainingPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Selects the traces of a run that a page shows: wanted ones first, then others in their order. For a training, it
 * takes the first ones of each step; if there are too many steps, of evenly spaced ones from the first to the last.
 */
final class ShownRows {
    /** Fewest traces of a step that is shown; if that is too many in all, fewer steps are shown. */
    private static final int LEAST_OF_A_STEP = 4;

    private final int most;
    private final Set<String> wanted;
    private final Set<Long> steps;
    private final Map<Long, Integer> ofStep = new HashMap<>();
    private final List<RunRow> first = new ArrayList<>();
    private final List<RunRow> others = new ArrayList<>();

    /**
     * @param wanted ids of the traces to be shown before others
     * @param steps of a training, ascending; empty for other runs
     */
    ShownRows(int most, Set<String> wanted, List<Long> steps) {
        this.most = most;
        this.wanted = wanted;
        this.steps = evenly(steps, Math.max(2, most / LEAST_OF_A_STEP));
    }

    /** At most {@code count} of the steps, both ends included. */
    static Set<Long> evenly(List<Long> steps, int count) {
        Set<Long> chosen = new TreeSet<>();
        int n = Math.min(count, steps.size());
        for (int i = 0; i < n; i++) {
            chosen.add(steps.get(n == 1 ? 0 : (int) Math.round(i * (steps.size() - 1.0) / (n - 1))));
        }
        return chosen;
    }

    void offer(RunRow row) {
        TrainingPlace place = row.place();
        if (place != null && !admits(place.step())) {
            return;
        }
        List<RunRow> rows = wanted.contains(row.trace().id()) ? first : others;
        if (rows.size() < most) {
            rows.add(row);
        }
    }

    private boolean admits(long step) {
        return steps.contains(step) && ofStep.merge(step, 1, Integer::sum) <= most / steps.size();
    }

    List<RunRow> rows() {
        return Stream.concat(first.stream(), others.stream()).limit(most).toList();
    }
}
