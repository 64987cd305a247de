package dev.upbeat.train.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.credit.CreditOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of a file's credit section whose strategy a word of the command line replaces. */
class StrategyChangeTest {
    private static final String COUPLED = "{strategy: coupled-rhythm, amplification: 2.0, share: 0.45, alpha: 0.6,"
            + " lookback: 5, from: bottom, sign: positive, normalize: none}";

    @TempDir
    private Path directory;

    private CreditOptions read(String credit, String... words) throws IOException {
        Path file = Files.writeString(
                directory.resolve("c.yaml"),
                "kind: grpo\nmodel: m\ntask: {name: countdown}\n" + "learn: {steps: 6, learning_rate: 1.0e-3}\ncredit: "
                        + credit + "\n");
        return ((GrpoConfig) TrainConfig.read(file, List.of(words))).credit().options();
    }

    @ParameterizedTest
    @CsvSource({
        "entropy-selection, 0.2, top, 0.6",
        "prob-reweight, 0.45, bottom, 0.3",
        "random, 0.45, bottom, 0.6",
        "high-entropy, 0.45, bottom, 0.6",
        "global-anchor, 0.45, bottom, 0.6",
        "gradient, 0.45, bottom, 0.6",
        "uniform, 0.45, bottom, 0.6",
        "coupled-rhythm, 0.45, bottom, 0.6"
    })
    void optionsWithAnotherMeaningTakeTheNewDefaults(String strategy, double share, String from, double alpha)
            throws IOException {
        CreditOptions options = read(COUPLED, "credit.strategy=" + strategy);
        assertThat(options.given().get("share")).isEqualTo(share);
        assertThat(options.given().get("from")).isEqualTo(from);
        assertThat(options.given().get("alpha")).isEqualTo(alpha);
        assertThat(options.given().get("amplification")).isEqualTo(2.0);
        assertThat(options.given().get("lookback")).isEqualTo(5);
        assertThat(options.given().get("sign")).isEqualTo("positive");
    }

    @Test
    void optionsOfEntropySelectionAndReweightingDoNotReachOthers() throws IOException {
        assertThat(read("{strategy: entropy-selection, share: 0.1}", "credit.strategy=coupled-rhythm")
                        .given()
                        .get("share"))
                .isEqualTo(0.4);
        assertThat(read("{strategy: prob-reweight, alpha: 0.1}", "credit.strategy=coupled-rhythm")
                        .given()
                        .get("alpha"))
                .isEqualTo(0.5);
        assertThat(read("{share: 0.1}", "credit.strategy=entropy-selection")
                        .given()
                        .get("share"))
                .as("the file's strategy is coupled-rhythm by default")
                .isEqualTo(0.2);
    }

    @Test
    void optionsOfTheSameStrategyStay() throws IOException {
        assertThat(read(COUPLED, "credit.share=0.3", "credit.strategy=entropy-selection")
                        .given()
                        .get("share"))
                .isEqualTo(0.3);
        assertThat(read(COUPLED, "credit={strategy: entropy-selection, share: 0.35}")
                        .given()
                        .get("share"))
                .isEqualTo(0.35);
        assertThat(read(COUPLED, "credit={strategy: entropy-selection}").given().get("share"))
                .isEqualTo(0.2);
        assertThat(read("{strategy: entropy-selection, share: 0.4}").given().get("share"))
                .isEqualTo(0.4);
        assertThat(read("{strategy: prob-reweight, alpha: 0.5}", "learn.steps=7")
                        .given()
                        .get("alpha"))
                .isEqualTo(0.5);
    }
}
