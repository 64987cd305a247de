package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.upbeat.io.BadInputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayerRangeTest {
    private static List<Integer> layers(String text, int of) {
        return LayerRange.parse(text).resolve(of);
    }

    @Test
    void thePapersChoiceIsFiveOfTheMiddleThird() {
        // 10 12.5 15 17.5 20, halves rounded up
        assertThat(layers("middle-third/5", 30)).containsExactly(10, 13, 15, 18, 20);
        // 1 1.5 2 2.5 3, duplicates dropped
        assertThat(layers("middle-third/5", 5)).containsExactly(1, 2, 3);
    }

    @Test
    void theThirdsAreAsTheMethodHasThem() {
        assertThat(layers("all", 4)).containsExactly(0, 1, 2, 3);
        // floor(10 / 3) = 3, floor(20 / 3) = 6
        assertThat(layers("bottom-third", 10)).containsExactly(0, 1, 2);
        assertThat(layers("middle-third", 10)).containsExactly(3, 4, 5, 6);
        assertThat(layers("top-third", 10)).containsExactly(6, 7, 8, 9);
    }

    @Test
    void aCountTakesEvenlySpacedLayersWithBothEnds() {
        // 0 7.25 14.5 21.75 29
        assertThat(layers("all/5", 30)).containsExactly(0, 7, 15, 22, 29);
        assertThat(layers("all/2", 30)).containsExactly(0, 29);
        assertThat(layers("bottom-third/3", 10)).containsExactly(0, 1, 2);
        // 20 22.25 24.5 26.75 29
        assertThat(layers("top-third/5", 30)).containsExactly(20, 22, 25, 27, 29);
    }

    @Test
    void spacingIsThatOfTheFormulaForEveryModel() {
        for (int of = 3; of <= 100; of++) {
            for (String part : List.of("all", "bottom-third", "middle-third", "top-third")) {
                List<Integer> whole = layers(part, of);
                int first = whole.get(0);
                int last = whole.get(whole.size() - 1);
                for (int count : new int[] {2, 3, 4, 5, 7, 50, 200}) {
                    TreeSet<Integer> expected = new TreeSet<>();
                    for (int i = 0; i < count; i++) {
                        BigDecimal step = new BigDecimal(i * (last - first))
                                .divide(new BigDecimal(count - 1), 0, RoundingMode.HALF_UP);
                        expected.add(first + step.intValueExact());
                    }
                    assertThat(layers(part + "/" + count, of))
                            .as("%s/%d of %d", part, count, of)
                            .containsExactlyElementsOf(expected);
                }
            }
        }
    }

    @Test
    void aListIsSorted() {
        assertThat(layers("7,3, 5", 8)).containsExactly(3, 5, 7);
        assertThat(layers("0", 1)).containsExactly(0);
    }

    @Test
    void modelsOfOneAndTwoLayersHaveNoBottomThird() {
        for (int of : new int[] {1, 2}) {
            List<Integer> every = IntStream.range(0, of).boxed().toList();
            assertThat(layers("all/5", of)).isEqualTo(every);
            assertThat(layers("middle-third/5", of)).isEqualTo(every);
            assertThat(layers("top-third", of)).containsExactly(of - 1);
            for (String text : List.of("bottom-third", "bottom-third/5")) {
                assertThatExceptionOfType(BadInputException.class)
                        .isThrownBy(() -> layers(text, of))
                        .withMessageContaining("\"" + text + "\"")
                        .withMessageContaining("model of " + of + " layers is empty")
                        .withMessageContaining("at least 3");
            }
        }
    }

    @Test
    void invalidRangesAreRejectedWithTheValidForms() {
        for (String text : List.of(
                "",
                "middle",
                "middle-third/",
                "middle-third/1",
                "middle-third/0",
                "all/x",
                "3,,5",
                "3,",
                "-1",
                "3-5",
                "ALL",
                "3/2",
                "1.5",
                "99999999999")) {
            assertThatExceptionOfType(BadInputException.class)
                    .as(text)
                    .isThrownBy(() -> LayerRange.parse(text))
                    .withMessageContaining("layers \"" + text + "\"")
                    .withMessageContaining("expected all, bottom-third, middle-third or top-third")
                    .withMessageContaining("K >= 2")
                    .withMessageContaining("3,5,7");
        }
    }

    @Test
    void aLayerListedTwiceIsRefused() {
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> LayerRange.parse("3,5,03"))
                .withMessageContaining("layer 3 is listed twice");
    }

    @Test
    void aLayerThatTheModelLacksIsRefused() {
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> layers("3,30", 30))
                .withMessageContaining("there is no layer 30")
                .withMessageContaining("layers 0 to 29");
    }

    @Test
    void aModelHasLayers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRange.parse("all").resolve(0));
    }

    @Test
    void aRangeShowsAsItWasWritten() {
        assertThat(LayerRange.parse("middle-third/5")).hasToString("middle-third/5");
    }
}
