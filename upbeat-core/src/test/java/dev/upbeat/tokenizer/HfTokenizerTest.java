package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HfTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe", "tekken", "sentencepiece"})
    void idsAndTextsAreThoseOfTransformers(String name) {
        JsonNode golden = TokenizerFixtures.golden(name);
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer(name)) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(golden.get("vocabulary").asInt());
            assertThat(golden.get("cases")).hasSizeGreaterThan(20);
            for (JsonNode row : golden.get("cases")) {
                int[] ids = TokenizerFixtures.assertAsGolden(tokenizer, row);
                assertTextsJoinToDecoding(tokenizer, ids);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm", "sentencepiece"})
    void aLongTextIsNotTruncated(String name) {
        JsonNode golden = TokenizerFixtures.golden(name).get("long");
        String text = golden.get("text").asText().repeat(golden.get("times").asInt());
        ObjectNode document = (ObjectNode) TokenizerFixtures.document(name);
        document.putObject("truncation")
                .put("max_length", 8)
                .put("strategy", "LongestFirst")
                .put("stride", 0)
                .put("direction", "Right");
        try (HfTokenizer tokenizer = HfTokenizer.fromJson(document.toString(), name)) {
            int[] ids = tokenizer.encode(text, true);
            assertThat(ids).hasSize(golden.get("count").asInt()).hasSizeGreaterThan(10_000);
            assertThat(IntStream.range(0, ids.length)
                            .mapToLong(i -> (i + 1L) * ids[i])
                            .sum())
                    .isEqualTo(golden.get("weighted_sum").asLong());
            assertTextsJoinToDecoding(tokenizer, ids);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm", "sentencepiece"})
    void textsOfRandomIdsJoinToTheirDecoding(String name) {
        Random random = new Random(20251013);
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer(name)) {
            int size = tokenizer.vocabularySize();
            for (int round = 0; round < 5_000; round++) {
                int idsBelow = random.nextBoolean() ? size + 3 : 260; // the second: hardly anything but bytes
                int[] ids = random.ints(random.nextInt(12), 0, idsBelow).toArray();
                assertTextsJoinToDecoding(tokenizer, ids);
            }
        }
    }

    @Test
    void illFormedBytesDecodeAsInTheLibrary() {
        // Lead and continuation bytes at the edges of what UTF-8 allows: overlong forms, surrogates, beyond U+10FFFF.
        int[] bytes = {
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF1,
            0xF4, 0xF5, 0xFF
        };
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("gpt-2")) {
            JsonNode vocab = TokenizerFixtures.document("gpt-2").get("model").get("vocab");
            int[] idOfByte = IntStream.range(0, 256)
                    .map(b -> vocab.get(byteCharacter(b)).asInt())
                    .toArray();
            Random random = new Random(7);
            for (int round = 0; round < 20_000; round++) {
                int[] ids = random.ints(1 + random.nextInt(6), 0, bytes.length)
                        .map(i -> idOfByte[bytes[i]])
                        .toArray();
                assertTextsJoinToDecoding(tokenizer, ids);
            }
        }
    }

    @Test
    void aSplitCharacterBelongsToItsLastToken() {
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("smollm")) {
            int[] ids = tokenizer.encode("a👍b", false);
            assertThat(ids).hasSize(6);
            assertThat(tokenizer.tokenTexts(ids)).containsExactly("a", "", "", "", "👍", "b");
            assertThat(tokenizer.tokenTexts(new int[] {ids[0], ids[1], ids[2]})).containsExactly("a", "", "\uFFFD");
        }
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("sentencepiece")) {
            int[] ids = tokenizer.encode("a👍b", false);
            assertThat(tokenizer.tokenTexts(ids)).containsExactly("", "a", "", "", "", "👍", "b");
        }
    }

    @Test
    void aStreamShowsTextOnceItIsCertain() {
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("smollm")) {
            int[] ids = tokenizer.encode("a👍b", false);
            StreamingText stream = tokenizer.stream();
            assertThat(IntStream.of(ids).mapToObj(stream::push)).containsExactly("a", "", "", "", "👍", "b");
            assertThat(stream.finish()).isEmpty();

            StreamingText cut = tokenizer.stream();
            assertThat(List.of(cut.push(ids[0]), cut.push(ids[1]), cut.finish()))
                    .containsExactly("a", "", "\uFFFD");
        }
    }

    @Test
    void loadingNeverAsksDjlToCallOut() {
        TokenizerFixtures.tokenizer("smollm").close();
        assertThat(System.getProperty("OPT_OUT_TRACKING")).isEqualTo("true");
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    @Test
    void aFileThatIsNotATokenizerIsRefused(@TempDir Path folder) throws IOException {
        assertRefused(folder, "tokenizer.json", "no such file");
        assertRefused(written(folder, "{\"version\":"), "is not JSON", "tokenizer.json");
        assertRefused(written(folder, "{}"), "has no model.vocab object", "expected a BPE or WordLevel tokenizer.json");
        Files.write(folder.resolve("tokenizer.json"), "{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(folder, "tokenizer.json", "not UTF-8");

        ObjectNode document = (ObjectNode) TokenizerFixtures.document("smollm");
        ((ObjectNode) document.get("model").get("vocab")).put("x", 2_000_000_000);
        assertRefused(written(folder, document.toString()), "id 2000000000", "expected a whole number from 0 to");

        document = (ObjectNode) TokenizerFixtures.document("smollm");
        document.putObject("decoder").put("type", "WordPiece");
        assertRefused(written(folder, document.toString()), "WordPiece", "expected [ByteLevel]");

        document = (ObjectNode) TokenizerFixtures.document("smollm");
        ((ObjectNode) document.get("model").get("vocab")).put("gap", 403);
        assertRefused(written(folder, document.toString()), "<think>", "the id 400", "reads it as [401]", "continue");

        document = (ObjectNode) TokenizerFixtures.document("smollm");
        document.withArray("/model/merges").addArray().add("not").add("there");
        assertRefused(written(folder, document.toString()), "Hugging Face's library", "out of vocabulary");
    }

    @Test
    void halfACharacterAndANegativeIdAreRefused() {
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("smollm")) {
            for (String text : List.of("ab\uD83D", "\uDC4Dab", "\uD83D\uD83D\uDC4D")) {
                assertThatThrownBy(() -> tokenizer.encode(text, false))
                        .isInstanceOf(BadInputException.class)
                        .hasMessageContaining("lone surrogate");
            }
            assertThat(tokenizer.encode("👍", false)).isNotEmpty();
            for (int[] ids : List.of(new int[] {-1}, new int[] {5, -7})) {
                assertThatThrownBy(() -> tokenizer.decode(ids, false)).isInstanceOf(BadInputException.class);
                assertThatThrownBy(() -> tokenizer.tokenTexts(ids)).isInstanceOf(BadInputException.class);
            }
        }
    }

    private static void assertTextsJoinToDecoding(HfTokenizer tokenizer, int[] ids) {
        String decoded = tokenizer.decode(ids, false);
        List<String> texts = tokenizer.tokenTexts(ids);
        assertThat(texts).hasSameSizeAs(ids);
        assertThat(String.join("", texts)).isEqualTo(decoded);

        StreamingText stream = tokenizer.stream();
        StringBuilder streamed = new StringBuilder();
        for (int id : ids) {
            streamed.append(stream.push(id));
        }
        assertThat(streamed.append(stream.finish())).hasToString(decoded);
    }

    /** GPT-2's character for a byte. */
    private static String byteCharacter(int b) {
        if (('!' <= b && b <= '~') || (0xA1 <= b && b <= 0xAC) || 0xAE <= b) {
            return String.valueOf((char) b);
        }
        int earlier = (int) IntStream.range(0, b)
                .filter(x -> !(('!' <= x && x <= '~') || (0xA1 <= x && x <= 0xAC) || 0xAE <= x))
                .count();
        return String.valueOf((char) (0x100 + earlier));
    }

    private static Path written(Path folder, String text) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), text);
        return folder;
    }

    private static void assertRefused(Path folder, String... parts) {
        assertThatThrownBy(() -> HfTokenizer.fromFolder(folder))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }
}
