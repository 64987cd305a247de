package dev.upbeat.app.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadRhythm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeadBudgetTest {
    private static final List<HeadRhythm> TWENTY_BYTES =
            List.of(new HeadRhythm(new Head(0, 0), new float[10], new float[10]));

    @Test
    void tracesComeAsLongAsThereIsRoom() {
        HeadBudget budget = new HeadBudget(trace -> TWENTY_BYTES, 50);
        assertThat(budget.next("a")).isNotEmpty();
        assertThat(budget.next("b")).isNotEmpty();
        assertThat(budget.next("c")).isEmpty();
    }

    @Test
    void theFirstTraceAlwaysComes() {
        HeadBudget budget = new HeadBudget(trace -> TWENTY_BYTES, 1);
        assertThat(budget.next("a")).isEqualTo(TWENTY_BYTES);
        assertThat(budget.next("b")).isEmpty();
    }

    @Test
    void theFirstTraceWithoutSeriesEndsTheSearch() {
        List<String> asked = new ArrayList<>();
        Map<String, List<HeadRhythm>> kept = Map.of("a", TWENTY_BYTES);
        HeadBudget budget = new HeadBudget(
                trace -> {
                    asked.add(trace);
                    return kept.getOrDefault(trace, List.of());
                },
                1000);
        for (String trace : List.of("a", "b", "c")) {
            budget.next(trace);
        }
        assertThat(asked).containsExactly("a", "b");
    }
}
