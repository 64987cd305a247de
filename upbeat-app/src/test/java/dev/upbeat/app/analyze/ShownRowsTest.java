package dev.upbeat.app.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.store.RunRow;
import dev.upbeat.store.TrainingPlace;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShownRowsTest {
    @Test
    void theFirstRowsAreShownAndWantedOnesBeforeThem() {
        ShownRows shown = new ShownRows(3, Set.of("d", "b"), List.of());
        for (String id : List.of("a", "b", "c", "d", "e")) {
            shown.offer(row(id, null));
        }
        assertThat(ids(shown)).containsExactly("b", "d", "a");
    }

    @Test
    void ofEachStepOfATrainingAsManyAreShown() {
        ShownRows shown = new ShownRows(9, Set.of(), List.of(1L, 2L));
        for (long step = 1; step <= 2; step++) {
            for (int i = 0; i < 6; i++) {
                shown.offer(row(step + "/" + i, new TrainingPlace(step, 0, i, 0)));
            }
        }
        assertThat(ids(shown)).containsExactly("1/0", "1/1", "1/2", "1/3", "2/0", "2/1", "2/2", "2/3");
    }

    @Test
    void theFirstAndLastStepAreAlwaysShown() {
        List<Long> steps = LongStream.rangeClosed(1, 100).boxed().toList();
        assertThat(ShownRows.evenly(steps, 4)).containsExactly(1L, 34L, 67L, 100L);
        assertThat(ShownRows.evenly(steps, 1000)).containsExactlyElementsOf(steps);
        assertThat(ShownRows.evenly(List.of(7L), 4)).containsExactly(7L);
        assertThat(ShownRows.evenly(List.of(), 4)).isEmpty();
    }

    private static List<String> ids(ShownRows shown) {
        return shown.rows().stream().map(row -> row.trace().id()).toList();
    }

    private static RunRow row(String id, @Nullable TrainingPlace place) {
        float[] one = {0};
        Observation seen = new Observation(one, one, one, one, one, null, null, Map.of());
        return new RunRow(new Trace(id, new int[] {1}, new int[] {2}, null, 1, null), null, seen, place);
    }
}
