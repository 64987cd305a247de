package dev.upbeat.train.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/configuration.md against what the records read. */
class ConfigurationPageTest {
    private static final Pattern ROW = Pattern.compile("\\| `([a-z_.\\[\\]]+)` \\|.*\\| ([^|]*) \\|([^|]*)\\|");
    private static final String GRPO =
            "{kind: grpo, model: m, task: {name: countdown, class: a.B, endpoint: 'http://localhost/reward'}, learn: {steps: 9, learning_rate: 0.1, lora: {}},"
                    + " credit: {gamma: 1.2, class: a.B, judge: {url: 'http://localhost/v1', model: m}, critic: {}}, rhythm: {receivers: true},"
                    + " eval: {tasks: [{name: math, data: f}]}}";
    private static final String SFT = """
            kind: sft
            architecture: {layers: 5, hidden: 128, heads: 4, kv_heads: 2, head_dim: 32, mlp: 384, context: 256}
            task: {name: countdown}
            learn: {steps: 300, learning_rate: 1e-4}
            """;

    @TempDir
    private Path directory;

    private final Map<String, String> page = new TreeMap<>();
    private final Map<String, String> sources = new TreeMap<>();

    @BeforeEach
    void readThePage() throws IOException {
        for (String line : Files.readAllLines(Path.of("../docs/configuration.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(page.put(row.group(1), row.group(2).strip()))
                        .as(row.group(1))
                        .isNull();
                sources.put(row.group(1), row.group(3).strip());
            }
        }
    }

    /** What version 2 of the paper prints no value of; a range such as k in {1, 2, 3} is a choice among its values. */
    @Test
    void valuesThatThePaperDoesNotStateAreCalledChoices() {
        for (String key : List.of("rollout.group", "learn.clip", "credit.alpha")) {
            assertThat(sources.get(key)).as(key).startsWith("choice");
        }
        assertThat(sources.get("credit.lookback")).contains("choice");
    }

    private List<Section.Key> keys(String yaml, Consumer<Section> reader) throws IOException {
        Section root = ConfigFile.read(
                Files.writeString(directory.resolve("c.yaml"), yaml),
                "a configuration",
                List.of(),
                "command line",
                directory);
        root.required("kind").choice("grpo", "sft");
        reader.accept(root);
        return root.keys();
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> defaults = new TreeMap<>();
        keys(GRPO, GrpoConfig::read).forEach(key -> defaults.put(key.path().replace("[0]", "[]"), text(key)));
        keys(SFT, SftConfig::read).forEach(key -> defaults.putIfAbsent(key.path(), text(key)));
        return defaults;
    }

    private static String text(Section.Key key) {
        return key.fallback() == null ? "" : "`" + key.fallback() + "`";
    }

    @Test
    void eachKeyIsOnThePageAndNoOther() throws IOException {
        assertThat(page.keySet()).containsExactlyElementsOf(read().keySet());
    }

    @Test
    void theDocumentedDefaultsAreTheDefaults() throws IOException {
        read().forEach((key, fallback) -> {
            if (fallback.isEmpty()) {
                assertThat(page.get(key)).as(key).isNotEmpty().doesNotContain("`");
            } else {
                assertThat(page.get(key)).as(key).isEqualTo(fallback);
            }
        });
    }
}
