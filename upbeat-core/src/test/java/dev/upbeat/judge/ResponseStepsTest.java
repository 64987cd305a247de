package dev.upbeat.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResponseStepsTest {
    @Test
    void paragraphsAreSteps() {
        ResponseSteps steps =
                ResponseSteps.of(List.of("\n", "First", " line.", "\n", "It goes on.", "\n \n", "Second", "", " one"));
        assertThat(steps.texts()).containsExactly("First line.\nIt goes on.", "Second one");
        assertThat(steps.ofToken()).containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1);
    }

    @Test
    void oneParagraphIsDividedIntoSentencesAndLines() {
        ResponseSteps steps =
                ResponseSteps.of(List.of("1.", " Add", " 2.5.", " \"Then", " stop!\"", " Or", "\n", "go", " on"));
        assertThat(steps.texts()).containsExactly("1. Add 2.5.", "\"Then stop!\"", "Or", "go on");
        assertThat(steps.ofToken())
                .as("a token with a leading space belongs to the step of its word")
                .containsExactly(0, 0, 0, 1, 1, 2, 2, 3, 3);
    }

    @Test
    void aTokenThatSpansTwoStepsBelongsToTheFirst() {
        ResponseSteps steps = ResponseSteps.of(List.of("a", "b.\n\nc", "d"));
        assertThat(steps.texts()).containsExactly("ab.", "cd");
        assertThat(steps.ofToken()).containsExactly(0, 0, 1);
    }

    @Test
    void aResponseWithoutInkHasNoSteps() {
        ResponseSteps steps = ResponseSteps.of(List.of("", "\n\n", " "));
        assertThat(steps.texts()).isEmpty();
        assertThat(steps.ofToken()).containsExactly(-1, -1, -1);
        assertThat(steps.spread(new float[0], 0.5f)).containsExactly(0.5f, 0.5f, 0.5f);
        assertThat(ResponseSteps.of(List.of()).ofToken()).isEmpty();
    }

    @Test
    void valuesSpreadOverTheTokensOfTheirStep() {
        ResponseSteps steps = ResponseSteps.of(List.of("a.", " b", " c."));
        assertThat(steps.spread(new float[] {0.25f, 1}, 0)).containsExactly(0.25f, 1, 1);
    }

    /** The ink of the steps is the ink of the text, and a token is where its first ink is. */
    @Test
    void everyTokenIsInTheStepOfItsText() {
        String[] pieces = {"a", " b", ".", "\n", "\n\n", " ", "", "2.", "! ", ".\n\nc"};
        Seeds.forEach(2000, random -> {
            List<String> tokens = new ArrayList<>();
            for (int t = random.nextInt(12); t >= 0; t--) {
                tokens.add(pieces[random.nextInt(pieces.length)]);
            }
            ResponseSteps steps = ResponseSteps.of(tokens);
            String ink = String.join("", tokens).replaceAll("\\s", "");
            assertThat(String.join("", steps.texts()).replaceAll("\\s", "")).isEqualTo(ink);
            int[] stepOfInk = new int[ink.length()];
            int end = 0;
            for (int s = 0; s < steps.texts().size(); s++) {
                for (int i = steps.texts().get(s).replaceAll("\\s", "").length(); i > 0; i--) {
                    stepOfInk[end++] = s;
                }
            }
            int position = 0;
            for (int t = 0; t < tokens.size(); t++) {
                String own = tokens.get(t).replaceAll("\\s", "");
                if (!own.isEmpty()) {
                    assertThat(steps.ofToken()[t]).as("%s, token %d", tokens, t).isEqualTo(stepOfInk[position]);
                    position += own.length();
                }
            }
        });
    }

    @Test
    void aLongRunOfSpacesIsDividedInLinearTime() {
        assertThat(ResponseSteps.of(List.of(" ".repeat(300_000) + "a.", " b")).texts())
                .containsExactly("a.", "b");
    }
}
