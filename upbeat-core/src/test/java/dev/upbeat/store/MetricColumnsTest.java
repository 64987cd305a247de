package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricColumnsTest {
    @TempDir
    private Path directory;

    @Test
    void missingNumbersAreGapsInTheColumns() throws IOException {
        MetricColumns metrics =
                read("{\"step\": 0, \"eval/accuracy\": 0.5}\n{\"step\": 1, \"reward\": 0.25, \"kl\": null}\n"
                        + "{\"step\": 3, \"reward\": 1e-7, \"eval/accuracy\": 1}\n");
        assertThat(metrics.steps()).containsExactly(0, 1, 3);
        assertThat(metrics.series().keySet()).containsExactly("eval/accuracy", "reward");
        assertThat(metrics.series().get("reward")).containsExactly(Double.NaN, 0.25, 1e-7);
        assertThat(metrics.series().get("eval/accuracy")).containsExactly(0.5, Double.NaN, 1);
    }

    @Test
    void aLineThatIsStillBeingWrittenIsLeftOut() throws IOException {
        assertThat(read("{\"step\": 1, \"reward\": 1}\n{\"step\": 2, \"rew").steps())
                .containsExactly(1);
        assertThat(read("").steps()).isEmpty();
    }

    @Test
    void linesOfAnotherKindAreRefused() {
        refuses("{\"step\": 1}\nnothing\n", "metrics.jsonl, line 2: it is not JSON");
        refuses("{\"reward\": 1}\n", "line 1: it has no step");
        refuses("{\"step\": 2}\n{\"step\": 2}\n", "line 2: step 2 comes after step 2");
    }

    private void refuses(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("one object a step");
    }

    private MetricColumns read(String text) throws IOException {
        return MetricColumns.read(Files.writeString(directory.resolve("metrics.jsonl"), text));
    }
}
