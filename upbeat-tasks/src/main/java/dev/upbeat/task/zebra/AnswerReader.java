package dev.upbeat.task.zebra;

import dev.upbeat.task.AnswerText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer of a response: after its thinking, the last grid (JSON or a table) with a value for every cell, else
 * the last grid with any value. Only the end of a very long response is read.
 */
final class AnswerReader {
    private static final int LONGEST = 200_000;

    /** Most grids that are read, from the end, which bounds the time. */
    private static final int MOST_GRIDS = 64;

    private AnswerReader() {}

    /**
     * A grid in a text.
     *
     * @param beginning its index
     */
    record Found(int beginning, Cells cells) {}

    /** @return null if there is none */
    static @Nullable Cells read(String response, Grid solution) {
        String answer = AnswerText.of(response);
        if (answer == null) {
            return null;
        }
        String text = answer.substring(Math.max(0, answer.length() - LONGEST));
        List<Found> found = new ArrayList<>(JsonGrids.find(text));
        found.addAll(TableGrids.find(text));
        found.sort(Comparator.comparingInt(Found::beginning).reversed());
        Cells partial = null;
        for (Found candidate : found.subList(0, Math.min(MOST_GRIDS, found.size()))) {
            int filled = solution.filled(candidate.cells());
            if (filled == solution.size()) {
                return candidate.cells();
            }
            partial = partial == null && filled > 0 ? candidate.cells() : partial;
        }
        return partial;
    }
}
