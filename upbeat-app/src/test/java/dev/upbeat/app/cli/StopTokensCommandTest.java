package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTokensCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void aResponseEndsWithTheTokenizersEndOfText() throws IOException {
        Path model = TinyModel.writeWithTokenizer(directory.resolve("tiny"));
        JsonNode whole = answer(model, "whole").get("response_ids");
        assertThat(whole).hasSize(12);
        int third = whole.get(2).intValue();
        String token =
                JSON.readTree(model.resolve("tokenizer.json").toFile()).get("model").get("vocab").properties().stream()
                        .filter(entry -> entry.getValue().intValue() == third)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow();
        TinyModel.put(model, "tokenizer_config.json", Map.of("eos_token", token));

        JsonNode stopped = answer(model, "stopped").get("response_ids");

        assertThat(stopped.size()).isLessThanOrEqualTo(3);
        assertThat(stopped.get(stopped.size() - 1).intValue()).isEqualTo(third);
        JsonNode provenance =
                JSON.readTree(directory.resolve("stopped/provenance.json").toFile());
        assertThat(provenance.get("stop_tokens").toString())
                .isEqualTo(
                        "[{\"id\":" + TinyModel.END + ",\"token\":\"<|end|>\",\"from\":[\"config.json eos_token_id\"]},"
                                + JSON.createObjectNode()
                                        .put("id", third)
                                        .put("token", token)
                                        .set("from", JSON.createArrayNode().add("tokenizer_config.json eos_token"))
                                + "]");
    }

    private JsonNode answer(Path model, String run) {
        Path out = directory.resolve(run);
        Cli.upbeat(
                        "analyze",
                        model.toString(),
                        "--text",
                        "1+1?",
                        "--max-new-tokens",
                        "12",
                        "--temperature",
                        "0",
                        "--out",
                        out.toString())
                .done();
        return Cli.query(out, "SELECT response_ids FROM traces").get(0);
    }
}
