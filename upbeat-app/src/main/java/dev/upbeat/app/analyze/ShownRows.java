package dev.upbeat.app.analyze;

import dev.upbeat.store.RunRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The traces of a run that a page shows: wanted ones first, then others in their order, up to a number. */
final class ShownRows {
    private final int most;
    private final Set<String> wanted;
    private final List<RunRow> first = new ArrayList<>();
    private final List<RunRow> others = new ArrayList<>();

    /** @param wanted ids of the traces to be shown before others */
    ShownRows(int most, Set<String> wanted) {
        this.most = most;
        this.wanted = wanted;
    }

    void offer(RunRow row) {
        List<RunRow> rows = wanted.contains(row.trace().id()) ? first : others;
        if (rows.size() < most) {
            rows.add(row);
        }
    }

    List<RunRow> rows() {
        return Stream.concat(first.stream(), others.stream()).limit(most).toList();
    }
}
