package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Horizon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadsFileTest {
    private static final String WHOLE = """
            {"layers": [1], "span_tokens": {"1": [0.5, 2, 3]}, "local": [[1, 0]], "global": [[1, 2]],
             "receiver": [], "rho": 0.3, "window": 10, "horizon": [10, 100]}
            """;

    @TempDir
    private Path directory;

    @Test
    void bothFormsOfTheHorizonAreRead() throws IOException {
        assertThat(HeadsFile.read(file(WHOLE)).settings().horizon()).isEqualTo(new Horizon(10, 100));
        assertThat(HeadsFile.read(file(WHOLE.replace("100]", "\"end\"]")))
                        .settings()
                        .horizon())
                .isEqualTo(new Horizon(10, Horizon.END));
    }

    @Test
    void aMissingReceiverShareIsATenth() throws IOException {
        assertThat(HeadsFile.read(file(WHOLE)).settings().receiverRho()).isEqualTo(0.1);
        assertThat(HeadsFile.read(file(WHOLE.replace("\"window\"", "\"receiver_rho\": 0.25, \"window\"")))
                        .settings()
                        .receiverRho())
                .isEqualTo(0.25);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"layers\": [1]         | \"layers\": [2]             | layers are [2] and span_tokens has [1]",
                "\"layers\": [1],        | ``                          | layers is missing",
                "\"1\": [0.5, 2, 3]      | \"one\": [0.5, 2, 3]        | key \"one\"",
                "\"1\": [0.5, 2, 3]      | \"1\": [0.5, -2, 3]         | span_tokens.1[1] is -2",
                "\"1\": [0.5, 2, 3]      | \"1\": [0.5, null, 3]       | span_tokens.1[1] is null",
                "\"1\": [0.5, 2, 3]      | ``                          | span_tokens is missing or empty",
                "\"local\": [[1, 0]]     | \"local\": [[1, 3]]         | local has [1,3], which span_tokens does not have",
                "\"local\": [[1, 0]]     | \"local\": [[0, 0]]         | local has [0,0]",
                "\"local\": [[1, 0]]     | \"local\": [[1, 2]]         | both local and global",
                "\"local\": [[1, 0]]     | \"local\": []               | local or global is empty",
                "\"local\": [[1, 0]]     | \"local\": [1, 0]           | expected [layer, head]",
                "\"local\": [[1, 0]]     | \"local\": [[1, 0], [1, 0]] | twice",
                "\"receiver\": [],       | ``                          | receiver is missing",
                "\"rho\": 0.3            | \"rho\": 0                  | rho 0.0: expected",
                "\"rho\": 0.3            | \"rho\": \"0.3\"            | rho is missing or not a number",
                "\"rho\": 0.3            | \"rho\": 0.3, \"group_weight\": \"both\" | group_weight is both; expected token or response",
                "\"rho\": 0.3            | \"rho\": 0.3, \"receiver_rho\": 0 | receiver_rho 0.0: expected",
                "\"rho\": 0.3            | \"rho\": 0.3, \"receiver_rho\": null | receiver_rho is missing or not a number",
                "\"window\": 10          | \"window\": 0               | window 0: expected at least 1",
                "\"window\": 10          | \"window\": 9.5             | window has 9.5; expected a whole number",
                "[10, 100]               | [100, 10]                   | horizon is [100,10]",
                "[10, 100]               | [10]                        | horizon is [10]",
                "\"horizon\": [10, 100]} | \"horizon\": [10, 100]     | not valid JSON (line ",
                "\"rho\": 0.3            | \"rho\": 0.3, \"rho\": 0.2 | line 2, column",
                "\"rho\": 0.3            | \"rho\": NaN                | not valid JSON (line 2, column",
            })
    void aWrongFileIsRefusedWithTheReason(String from, String to, String message) throws IOException {
        String broken = WHOLE.replace(from, to);
        assertThat(broken).isNotEqualTo(WHOLE);

        assertThatThrownBy(() -> HeadsFile.read(file(broken)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("heads.json: ")
                .hasMessageContaining(message);
    }

    private Path file(String json) throws IOException {
        return Files.writeString(directory.resolve("heads.json"), json);
    }
}
