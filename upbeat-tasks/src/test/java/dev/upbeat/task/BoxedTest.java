package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BoxedTest {
    private static List<String> complete(String text) {
        return Objects.requireNonNull(Boxed.complete(text), text).answers();
    }

    private static List<String> mathematics(String text) {
        return Objects.requireNonNull(Boxed.mathematics(text), text).answers();
    }

    @Test
    void commasAndWordsJoinBoxes() {
        for (String text : List.of(
                "\\boxed{1}, \\boxed{2}",
                "$\\boxed{1}$ and $\\boxed{2}$", "\\boxed{1}; or \\boxed{2}", "\\boxed{1} \\text{ and } \\fbox{2}")) {
            assertThat(mathematics(text)).as(text).containsExactly("1", "2");
        }
        assertThat(complete("\\boxed{B}, \\boxed{C}, and \\boxed{D}")).containsExactly("B", "C", "D");
        assertThat(complete("\\boxed{B} and \\boxed{B}")).containsExactly("B");
        assertThat(complete("\\boxed{B}. Wait: \\boxed{C}")).containsExactly("C");
        assertThat(complete("\\boxed{B} and" + " ".repeat(60) + "\\boxed{C}")).containsExactly("C");
    }

    @Test
    void onlyMathematicsJoinsBoxesSideBySide() {
        assertThat(mathematics("\\boxed{1}\\quad\\boxed{2}")).containsExactly("1", "2");
        assertThat(complete("\\boxed{B}\\quad\\boxed{C}")).containsExactly("C");
    }

    @Test
    void anUnclosedBoxCountsOnlyInMathematics() {
        String text = "\\boxed{5} so \\boxed{6\nand on";
        assertThat(complete(text)).containsExactly("5");
        assertThat(mathematics(text)).containsExactly("6");
    }

    @Test
    void theInnermostBoxIsTheCompleteOne() {
        assertThat(complete("\\boxed{\\boxed{5}}")).containsExactly("5");
        assertThat(complete("\\boxed{a \\boxed{5}")).containsExactly("5");
        assertThat(mathematics("\\boxed{x = \\boxed{5}}")).containsExactly("x = \\boxed{5}");
    }

    @Test
    void escapedBracesBelongToTheContent() {
        assertThat(complete("\\boxed{\\{1, 2\\}}")).containsExactly("\\{1, 2\\}");
        assertThat(Boxed.complete("no box")).isNull();
        assertThat(Boxed.complete("\\boxed 5")).isNull();
    }
}
