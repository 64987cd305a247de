package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that would end the process or run without end if the native library read them. */
@Timeout(60)
class HostileTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            normalizer;     {"type":"Replace","pattern":{"String":""},"content":"aa"};                      matches nothing
            normalizer;     {"type":"Replace","pattern":{"Regex":"a*"},"content":"aa"};                     matches nothing
            normalizer;     {"type":"Replace","pattern":{"Regex":"(?=a)"},"content":"aa"};                  matches nothing
            normalizer;     {"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":"b"};                  (a+)+$
            normalizer;     {"type":"Replace","pattern":7,"content":"b"};                                   pattern 7
            normalizer;     {"type":"Replace","pattern":{"String":"a"},"content":null};                     content null
            normalizer;     {"type":"Sequence","normalizers":null};                                         normalizers
            normalizer;     {"type":"Unheard"};                                                             of type Unheard
            pre_tokenizer;  {"type":"Split","pattern":{"Regex":"(a|aa)+$"},"behavior":"Isolated","invert":false}; (a|aa)+$
            pre_tokenizer;  {"type":"FixedLength","length":0};                                              length 0
            pre_tokenizer;  {"type":"Sequence","pretokenizers":[{"type":"Unheard"}]};                       of type Unheard
            pre_tokenizer;  {};                                                                             of type
            post_processor; {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"gone","type_id":0}}],"pair":[],"special_tokens":{}}; "gone"
            post_processor; {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{}}; texts [A, A]
            post_processor; {"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{"x":{"id":"x","ids":[1,2],"tokens":["x"]}}}; 2 ids and 1 tokens
            post_processor; {"type":"TemplateProcessing","single":[{"Sequence":{"id":"B","type_id":0}}],"pair":[],"special_tokens":{}}; texts [B]
            post_processor; {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"x":{"id":"x","ids":[4294967295],"tokens":["x"]}}}; id 4294967295
            post_processor; {"type":"BertProcessing","sep":["a",4294967295],"cls":["b",1]};                 id 4294967295
            post_processor; {"type":"RobertaProcessing","sep":["a",1],"cls":["b",-1]};                      id -1
            post_processor; {"type":"Sequence","processors":[{"type":"BertProcessing","sep":["a",1],"cls":["b",1]},{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{}}]}; a second post_processor
            decoder;        {"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":"b","decoders":[{"type":"ByteLevel"}]}; (a+)+$
            decoder;        {"type":"WordPiece","prefix":"##","cleanup":true,"decoders":[{"type":"ByteLevel"}]}; WordPiece
            post_processor; {"type":"Unheard"};                                                             of type Unheard
            """)
    void aComponentThatCannotBeTrustedIsRefused(String component, String value, String named) throws Exception {
        ObjectNode document = document();
        document.set(component, JSON.readTree(value));
        assertRefused(document, named);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            40;  {"type":"Replace","pattern":{"String":"a"},"content":"aa"}
            2;   {"type":"Replace","pattern":{"Regex":"."},"content":"0123456789"}
            1;   {"type":"Replace","pattern":{"Regex":"[ab]c"},"content":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}
            4;   {"type":"ByteLevel"}
            101; {"type":"NFC"}
            """)
    void normalizersThatMultiplyATextAreRefused(int times, String normalizer) throws Exception {
        ObjectNode document = document();
        ArrayNode all = document.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        for (int i = 0; i < times; i++) {
            all.add(JSON.readTree(normalizer));
        }
        assertRefused(document, times > 100 ? "at most 100" : "times as long");
    }

    @Test
    void longPrefixesAndAddedTokensAreRefused() {
        ObjectNode document = document();
        document.putObject("normalizer").put("type", "Prepend").put("prepend", "x".repeat(5000));
        assertRefused(document, "5000 characters");
        document = document();
        document.withArray("added_tokens").addObject().put("id", 403).put("content", "x".repeat(5000));
        assertRefused(document, "5000 characters");
    }

    @Test
    void moreAddedTokensThanTheLibraryCanNumberAreRefused() {
        ObjectNode document = document();
        for (int i = 403; i < 50_000; i++) {
            document.withArray("added_tokens").addObject().put("id", i).put("content", "<" + i + ">");
        }
        assertRefused(document, "added tokens; expected at most 30000");
    }

    @Test
    void addedTokensThatTheNormalizersLengthenAreRefused() throws Exception {
        ObjectNode document = document();
        document.set("normalizer", JSON.readTree("""
                {"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"%s"},
                  {"type":"Replace","pattern":{"Regex":"."},"content":"%s"}]}
                """.formatted("x".repeat(1000), "y".repeat(60))));
        for (int i = 403; i < 503; i++) {
            document.withArray("added_tokens")
                    .addObject()
                    .put("id", i)
                    .put("content", "<" + i + ">")
                    .put("normalized", true);
        }
        assertRefused(document, "as the normalizers make them");
    }

    @Test
    void moreMergesThanTheLibraryHasMemoryForAreRefused() {
        ObjectNode document = document();
        ArrayNode merges = document.withObject("model").putArray("merges");
        for (int i = 0; i <= 1_000_000; i++) {
            merges.add("h e");
        }
        assertRefused(document, "1000001 merges");
    }

    @Test
    void aLongDecoderIsNotShownWhole() {
        ObjectNode document = document();
        document.putObject("decoder").put("type", "y".repeat(100_000));
        assertThatThrownBy(() -> HfTokenizer.fromJson(document.toString(), "hostile.json"))
                .isInstanceOf(BadInputException.class)
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1000));
    }

    @Test
    void aMergeWithoutItsContinuationIsRefused() {
        ObjectNode document = document();
        document.withObject("model").put("continuing_subword_prefix", "##");
        assertRefused(document, "continuing_subword_prefix ##");
    }

    @Test
    void aModelOfAnotherTypeIsRefused() {
        ObjectNode document = document();
        document.withObject("model").put("type", "WordPiece").put("max_input_chars_per_word", 1_000_000_000);
        assertRefused(document, "WordPiece");
    }

    @Test
    void damagedReplacementTablesAreRefused() {
        byte[] whole = charsMap(0x80 << 10, 0x141 | 0x80 << 10, 0);
        for (byte[] table : new byte[][] {
            {},
            {1, 2},
            "\377".repeat(200).getBytes(StandardCharsets.ISO_8859_1),
            ByteBuffer.allocate(44)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(40)
                    .putInt(0xFF030201)
                    .array(),
            Arrays.copyOf(whole, whole.length / 2), // cut
            Arrays.copyOf(whole, whole.length - 4), // without its replacements
            charsMap(-1, 0, 0), // out of the trie
            charsMap(0x80 << 10, 0x141 | 0x80 << 10, 100), // out of the replacements
        }) {
            assertRefused(withTable(Base64.getEncoder().encodeToString(table)), "precompiled_charsmap");
        }
        assertRefused(withTable("no base64!"), "is not base64");
    }

    @Test
    void anUndamagedReplacementTableIsApplied() {
        // 0x41 is A: unit 0 leads to unit 0x80 ^ 0x41, that is a leaf and leads to its value
        String table = Base64.getEncoder().encodeToString(charsMap(0x80 << 10, 0x141 | 0x80 << 10, 0));
        try (HfTokenizer tokenizer = HfTokenizer.fromJson(withTable(table).toString(), "table");
                HfTokenizer plain = TokenizerFixtures.tokenizer("smollm")) {
            assertThat(tokenizer.encode("the A", false)).containsExactly(plain.encode("the zz", false));
        }
    }

    @Test
    void aTooLongTextIsRefusedWithBothLengths() {
        try (HfTokenizer tokenizer = TokenizerFixtures.tokenizer("qwen2")) {
            assertThat(tokenizer.encode("beat ".repeat(4000), false)).hasSizeGreaterThan(4000);
            assertThatThrownBy(() -> tokenizer.encode("a".repeat(500_001), false))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("500001 characters", "at most 500000");
        }
    }

    @Test
    void aPatternThatStepsBackOftenShortensTheTexts() throws Exception {
        ObjectNode document = document();
        document.set(
                "pre_tokenizer",
                JSON.readTree(
                        "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"a{0,400}b+c\"},\"behavior\":\"Isolated\",\"invert\":false}"));
        assertThat(TokenizerCheck.longestText(document, "x")).isBetween(1000, 20_000);
    }

    /** A trie of 256 units with one key, A; its replacement is zz. */
    private static byte[] charsMap(int root, int child, int value) {
        byte[] text = "zz\0".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * 256 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(4 * 256).putInt(root);
        bytes.putInt(4 + 4 * 0xC1, child).putInt(4 + 4 * 0x41, value | Integer.MIN_VALUE);
        return bytes.position(4 + 4 * 256).put(text).array();
    }

    private static ObjectNode withTable(String base64) {
        ObjectNode document = document();
        document.putObject("normalizer").put("type", "Precompiled").put("precompiled_charsmap", base64);
        return document;
    }

    private static ObjectNode document() {
        try {
            return (ObjectNode)
                    JSON.readTree(TokenizerFixtures.document("smollm").toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertRefused(ObjectNode document, String named) {
        assertThatThrownBy(() -> HfTokenizer.fromJson(document.toString(), "hostile.json"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("hostile.json", named);
    }
}
