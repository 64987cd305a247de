package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {
    private static final int BEGIN = 1;
    private static final ChatTemplate TEMPLATE = ChatTemplate.parse("{{ n }}:{{ messages[0].content }}", Map.of());
    private static final Prompt HI = Prompt.of(List.of(new Message("user", "Hi")));
    private static final Prompt BOTH = new Prompt(HI.messages(), "Hi there", Map.of());

    @Test
    void variablesOfAPromptWinOverThoseOfAll() {
        assertThat(encoded(TEMPLATE, Map.of("n", 6), HI)).isEqualTo("6:Hi");
        assertThat(encoded(TEMPLATE, Map.of("n", 6), HI.withVariables(Map.of("n", 7))))
                .isEqualTo("7:Hi");
        assertThat(encoded(TEMPLATE, Map.of(), HI.withVariables(Map.of("n", 7))))
                .isEqualTo("7:Hi");
    }

    @Test
    void aRawTextHasTheTokenizersOwnSpecialTokens() {
        assertThat(encoded(TEMPLATE, Map.of(), Prompt.of("Once"))).isEqualTo("\u0001Once");
        assertThat(encoded(null, Map.of(), BOTH)).as("no chat template").isEqualTo("\u0001Hi there");
        assertThat(encoded(TEMPLATE, Map.of(), BOTH)).isEqualTo(":Hi");
    }

    @Test
    void variablesWithoutATemplateAreRejectedByRow() {
        assertRefused(TEMPLATE, Map.of("n", 6), Prompt.of("Once"), "row 7", "n", "raw text");
        assertRefused(null, Map.of("n", 6), BOTH, "row 7", "n", "no chat template");
        assertRefused(null, Map.of(), BOTH.withVariables(Map.of("tools", List.of())), "row 7", "tools");
        assertRefused(null, Map.of(), HI, "row 7", "no chat template");
        assertRefused(TEMPLATE, Map.of("m", 6), HI, "row 7", "never reads m");
    }

    private static void assertRefused(
            @Nullable ChatTemplate template, Map<String, Object> variables, Prompt prompt, String... parts) {
        assertThatThrownBy(() -> encoded(template, variables, prompt))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }

    private static String encoded(@Nullable ChatTemplate template, Map<String, Object> variables, Prompt prompt) {
        int[] ids = new PromptEncoder(new Characters(), template, variables).encode("row 7", prompt);
        return new Characters().decode(ids, false);
    }

    /** A token a character, and one before a text with special tokens. */
    private static final class Characters implements Tokenizer {
        @Override
        public int[] encode(String text, boolean addSpecialTokens) {
            return (addSpecialTokens ? (char) BEGIN + text : text).chars().toArray();
        }

        @Override
        public String decode(int[] ids, boolean skipSpecialTokens) {
            return tokenTexts(ids).stream().collect(Collectors.joining());
        }

        @Override
        public List<String> tokenTexts(int[] ids) {
            return Arrays.stream(ids).mapToObj(Character::toString).toList();
        }

        @Override
        public int vocabularySize() {
            return Character.MAX_VALUE;
        }

        @Override
        public void close() {}
    }
}
