package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.StopToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AddedTokensTest {
    private static final JsonNode GOLDEN = TokenizerFixtures.golden("added_tokens");

    @TempDir
    Path folder;

    static Stream<String> cases() {
        return GOLDEN.get("cases").properties().stream().map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tokensDeclaredBesideTokenizerJsonMatchTransformers(String name) throws IOException {
        JsonNode golden = GOLDEN.get("cases").get(name);
        Files.writeString(
                folder.resolve("tokenizer.json"),
                TokenizerFixtures.document("smollm").toString());
        for (Map.Entry<String, JsonNode> file : golden.get("files").properties()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue().toString());
        }
        List<JsonNode> added = new ArrayList<>();
        AddedTokens.merged(TokenizerFiles.inFolder(folder)).get("added_tokens").forEach(added::add);
        added.sort(Comparator.comparingInt(token -> token.get("id").asInt()));
        assertThat(added)
                .containsExactlyElementsOf(
                        StreamSupport.stream(golden.get("added_tokens").spliterator(), false)
                                .toList());
        try (HfTokenizer tokenizer = HfTokenizer.fromFolder(folder)) {
            for (int i = 0; i < GOLDEN.get("texts").size(); i++) {
                String text = GOLDEN.get("texts").get(i).asText();
                assertThat(tokenizer.encode(text, false))
                        .as(text)
                        .containsExactly(
                                TokenizerFixtures.ints(golden.get("ids").get(i)));
            }
            StopToken eos = tokenizer.eos();
            assertThat(eos == null ? null : eos.id())
                    .isEqualTo(
                            golden.get("eos_id").isNull()
                                    ? null
                                    : golden.get("eos_id").asInt());
        }
    }

    @Test
    void aTokenizerThatDeclaresNothingNewStaysTheSameDocument() {
        TokenizerFiles files =
                TokenizerFiles.ofJson(TokenizerFixtures.document("qwen2").toString(), "qwen2");
        assertThat(AddedTokens.merged(files)).isSameAs(files.tokenizer());
    }

    @Test
    void aDeclarationOfAnotherFormIsRefusedWithItsValue() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                TokenizerFixtures.document("smollm").toString());
        Map<String, String> wrong = Map.of(
                "{\"added_tokens_decoder\": [1]}", "[1]",
                "{\"added_tokens_decoder\": {\"x\": {\"content\": \"a\"}}}", "id x",
                "{\"added_tokens_decoder\": {\"1\": {\"text\": \"a\"}}}", "{\"text\":\"a\"}",
                "{\"extra_special_tokens\": [7]}", "7");
        wrong.forEach((config, given) -> assertThatThrownBy(() -> {
                    Files.writeString(folder.resolve("tokenizer_config.json"), config);
                    HfTokenizer.fromFolder(folder);
                })
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(given));
    }
}
