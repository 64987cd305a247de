package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --group-weight}: two traces, of 60 and of 12 response tokens. */
class GroupWeightTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path model;
    private Path both;

    @BeforeEach
    void writeTraces() {
        model = TinyModel.write(directory.resolve("tiny"));
        both = TinyModel.lines(directory.resolve("both.jsonl"), trace("long", 60), trace("short", 12));
    }

    private static String trace(String id, int tokens) {
        String ids = IntStream.range(0, tokens)
                .mapToObj(i -> String.valueOf((7 * i * i + tokens) % 250))
                .collect(Collectors.joining(","));
        return "{\"id\": \"" + id + "\", \"prompt_ids\": [1, 2, 3], \"response_ids\": [" + ids + "]}";
    }

    private Cli analyze(String run, Path traces, Object... options) {
        List<Object> args = new ArrayList<>(List.of("analyze", model, "--traces", traces));
        args.addAll(List.of("--out", directory.resolve(run)));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }

    private JsonNode heads(String run) throws IOException {
        return JSON.readTree(directory.resolve(run + "/heads.json").toFile());
    }

    @Test
    void spansAreMeansOverTokensOrOverResponses() throws IOException {
        analyze("long", TinyModel.lines(directory.resolve("long.jsonl"), trace("long", 60)))
                .done();
        analyze("short", TinyModel.lines(directory.resolve("short.jsonl"), trace("short", 12)))
                .done();
        analyze("token", both).done();
        analyze("response", both, "--group-weight", "response").done();
        assertThat(heads("token").get("group_weight").textValue()).isEqualTo("token");
        assertThat(heads("response").get("group_weight").textValue()).isEqualTo("response");
        for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
            for (int head = 0; head < TinyModel.HEADS; head++) {
                String span = "/span_tokens/" + layer + "/" + head;
                double ofLong = heads("long").at(span).doubleValue();
                double ofShort = heads("short").at(span).doubleValue();
                assertThat(heads("token").at(span).doubleValue())
                        .isCloseTo((60 * ofLong + 12 * ofShort) / 72, within(1e-4));
                assertThat(heads("response").at(span).doubleValue()).isCloseTo((ofLong + ofShort) / 2, within(1e-4));
            }
        }
    }

    @Test
    void aTraceThatDecidesTheGroupsIsWarnedOf() {
        assertThat(analyze("token", both).done().err())
                .contains(
                        "trace long has 83 % of the response tokens (60 of 72)", "--group-weight response", "--heads");
        assertThat(analyze("response", both, "--group-weight", "response")
                        .done()
                        .err())
                .doesNotContain("--group-weight");
        Path heads = directory.resolve("token/heads.json");
        assertThat(analyze("fixed", both, "--heads", heads).done().err()).doesNotContain("--group-weight");
    }

    @Test
    void aWeightBesideGivenHeadsIsRefused() throws IOException {
        analyze("response", both, "--group-weight", "response").done();
        Path heads = directory.resolve("response/heads.json");
        analyze("fixed", both, "--heads", heads, "--group-weight", "token")
                .refused("--group-weight token", "--heads gives fixed groups (found with group-weight response)");
        analyze("fixed", both, "--heads", heads).done();
        assertThat(heads("fixed").get("group_weight").textValue()).isEqualTo("response");
    }

    @Test
    void anUnknownWeightIsRefused() {
        analyze("run", both, "--group-weight", "trace").refused("--group-weight", "token", "response");
    }
}
