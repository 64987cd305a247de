package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowChoiceTest {
    private static final List<Integer> ROWS = IntStream.range(0, 20).boxed().toList();

    @Test
    void aSampleKeepsTheOrderOfTheFile() {
        List<Integer> drawn = new RowChoice(null, 7, 3).of(ROWS, "a file");
        assertThat(drawn).hasSize(7).isSorted().doesNotHaveDuplicates().isSubsetOf(ROWS);
        assertThat(new RowChoice(null, 7, 3).of(ROWS, "a file")).isEqualTo(drawn);
        assertThat(new RowChoice(null, 7, 4).of(ROWS, "a file")).isNotEqualTo(drawn);
        assertThat(new RowChoice(null, 20, 3).of(ROWS, "a file")).isEqualTo(ROWS);
    }

    @Test
    void everyRowIsDrawnEquallyOften() {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int seed = 0; seed < 4_000; seed++) {
            new RowChoice(null, 5, seed).of(ROWS, "a file").forEach(row -> counts.merge(row, 1, Integer::sum));
        }
        // 1000 expected, standard deviation 27
        assertThat(counts.values()).hasSize(20).allMatch(count -> count > 880 && count < 1_120);
    }

    @Test
    void aLimitTakesTheFirstRows() {
        assertThat(new RowChoice(3, null, 0).of(ROWS, "a file")).containsExactly(0, 1, 2);
        assertThat(new RowChoice(30, null, 0).of(ROWS, "a file")).isEqualTo(ROWS);
        assertThat(RowChoice.ALL.of(ROWS, "a file")).isEqualTo(ROWS);
    }

    @Test
    void unusableChoicesAreRefused() {
        assertThatThrownBy(() -> new RowChoice(3, 4, 0))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("--limit 3 and --sample 4");
        assertThatThrownBy(() -> new RowChoice(0, null, 0)).hasMessageContaining("--limit 0: expected at least 1 row");
        assertThatThrownBy(() -> new RowChoice(null, 0, 0)).hasMessageContaining("--sample 0: expected at least 1 row");
        assertThatThrownBy(() -> new RowChoice(null, 21, 0).of(ROWS, "a file"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("--sample 21: a file has 20 rows");
    }
}
