package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.tokenizer.HfTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTokenizerTest {
    private static HfTokenizer tokenizer;

    @BeforeAll
    static void write(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), SearchTokenizer.files().get("tokenizer.json"));
        tokenizer = HfTokenizer.fromFolder(directory);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void theVocabularyHasOneHundredAndTwentyThreeWords() {
        assertThat(SearchWords.all()).hasSize(123).doesNotHaveDuplicates();
        assertThat(tokenizer.vocabularySize()).isEqualTo(123);
        assertThat(SearchWords.all().get(SearchWords.EOS)).isEqualTo("<eos>");
        assertThat(SearchWords.all().get(SearchWords.FIRST_NUMBER)).isEqualTo("0");
        assertThat(SearchWords.all().get(SearchWords.FIRST_NUMBER + 99)).isEqualTo("99");
    }

    @Test
    void everyWordIsOneTokenAndComesBack() {
        for (int id = 0; id < 123; id++) {
            String word = SearchWords.all().get(id);
            assertThat(tokenizer.encode(word, false)).as(word).containsExactly(id);
            assertThat(tokenizer.decode(new int[] {id}, false)).isEqualTo(word);
        }
    }

    /** Made by transformers 5.23 from the same files: {@code AutoTokenizer.from_pretrained(DIR)(text)["input_ids"]}. */
    @Test
    void idsAndTextsAreThoseOfTransformers() {
        String text = "6 44 37 > 75\ntry + : 44 + 6 = 50 ; left 37 50 ; want 75 : 50 + 37 = 87 x\n# 44 + (37-6)";
        int[] ids = {
            1, 29, 67, 60, 3, 98, 4, 17, 5, 12, 67, 5, 29, 11, 73, 16, 18, 60, 73, 16, 19, 98, 12, 73, 5, 60, 11, 110,
            13, 4, 15, 67, 5, 9, 60, 6, 29, 10
        };
        assertThat(tokenizer.encode(text, true)).isEqualTo(ids);
        String decoded = text.replace("(37-6)", "( 37 - 6 )");
        assertThat(tokenizer.decode(ids, true)).isEqualTo(decoded);
        assertThat(tokenizer.decode(ids, false)).isEqualTo("<bos> " + decoded);
    }

    @Test
    void textsOfTokensJoinToTheirDecoding() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 2_000; i++) {
            // Every third token is a line break; ids from 123 on have no piece.
            int[] ids = IntStream.range(0, random.nextInt(12))
                    .map(t -> random.nextInt(3) == 0 ? 4 : random.nextInt(125))
                    .toArray();
            List<String> texts = tokenizer.tokenTexts(ids);
            assertThat(texts).hasSize(ids.length);
            assertThat(String.join("", texts)).isEqualTo(tokenizer.decode(ids, false));
        }
    }

    @Test
    void anUnknownWordIsRefusedWithTheText() {
        for (String text : List.of("hello", "6 44 100 > 75", "6 44 37 > 75?", "TRY", "６")) {
            assertThatThrownBy(() -> tokenizer.encode(text, true))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("\"" + text + "\"")
                    .hasMessageContaining("123");
        }
    }

    @Test
    void theOtherFilesNameTheSpecialTokens() {
        assertThat(SearchTokenizer.files())
                .containsOnlyKeys("tokenizer.json", "tokenizer_config.json", "generation_config.json");
        assertThat(SearchTokenizer.files().get("generation_config.json")).contains("\"eos_token_id\" : 2");
        assertThat(SearchTokenizer.files().get("tokenizer_config.json")).contains("\"eos_token\" : \"<eos>\"");
    }
}
