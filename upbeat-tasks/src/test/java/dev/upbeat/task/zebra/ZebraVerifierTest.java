package dev.upbeat.task.zebra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Problem;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZebraVerifierTest {
    private static final String TABLE = """
            | House | Name   | Food     |
            |-------|--------|----------|
            | 1     | Eric   | stew     |
            | 2     | Peter  | stir fry |
            | 3     | Arnold | pizza    |
            """;

    /** A wrong grid, whole. */
    private static final String WRONG =
            ZebraSamples.SOLUTION.replace("stew", "?1").replace("pizza", "stew").replace("?1", "pizza");

    private final ZebraLogic task = new ZebraLogic(ZebraSettings.ofSizes("3x3"));
    private final Problem problem = task.problem("r", ZebraSamples.QUESTION, ZebraSamples.SOLUTION);

    static List<String> dresses() {
        String json = ZebraSamples.SOLUTION;
        List<String> dresses = new ArrayList<>();
        dresses.add(json);
        dresses.add("  \n" + json.replace("\": {", "\" :\r\n{\r\n\t") + "\n");
        dresses.add("<think>What if {House 1: \"x\"? | no |\n{\"House 1\": {\"Name</think>\n\n```json\n" + json
                + "\n```\nDone.");
        dresses.add("{\"reasoning\": \"an \"unescaped\" quote {\n and more\", \"solution\": " + json + "}");
        dresses.add(json.replace('"', '\''));
        dresses.add(json.replace("}, ", ",}, "));
        dresses.add(json.replace("House ", "house_").replace("Name", "name").replace("stir fry", "Stir-Fry"));
        dresses.add(json.replace("House ", ""));
        dresses.add("\\boxed{" + json + "}");
        dresses.add("{\"header\": [\"House\", \"Food\", \"Name\"], \"rows\": [[3, \"pizza\", \"Arnold\"],"
                + " [1, \"stew\", \"Eric\"], [2, \"stir fry\", \"Peter\"]]}");
        dresses.add("[{\"House\": 1, \"Name\": \"Eric\", \"Food\": \"stew\"}, {\"House\": \"House 2\", \"Name\":"
                + " \"Peter\", \"Food\": \"stir fry\"}, {\"House\": 3, \"Name\": \"Arnold\", \"Food\": \"pizza\"}]");
        dresses.add(TABLE);
        dresses.add("So:\n" + TABLE + "as was asked.");
        dresses.add(TABLE.replaceAll("(?m)^\\| | \\|$", ""));
        dresses.add(TABLE.replace("\n", "\r\n").toUpperCase(Locale.ROOT));
        dresses.add(TABLE.replaceAll("\\b(Eric|Peter|stew|pizza|[123])\\b", "**$1**"));
        dresses.add(TABLE.replace("| 1 ", "| House 1 ")
                .replace("| 2 ", "| House 2 ")
                .replace("House |", "|"));
        dresses.add("|      | House 1 | House 2  | House 3 |\n|---|---|---|---|\n"
                + "| Food | stew    | stir fry | pizza   |\n| Name | Eric    | Peter    | Arnold  |");
        dresses.add("+---+---+---+\n│ House │ Food │ Name │\n+===+===+===+\n│ 3 │ pizza │ Arnold │\n+---+---+---+\n"
                + "│ 2 │ stir fry │ Peter │\n│ 1 │ stew │ Eric │\n+---+---+---+");
        dresses.add(WRONG + "\nNo, that breaks clue 3.\n" + json);
        dresses.add(WRONG + "\nNo, that breaks clue 3.\n" + TABLE);
        dresses.add(TABLE + "\n| Clue | House 2 |\n|---|---|\n| 1 | holds |\n");
        dresses.add(json + "\nwhere House 1: {\"House 1\": {\"Name\": \"Eric\"}} follows from clue 2.");
        return dresses;
    }

    @Test
    void onlyWhatFollowsTheThinkingIsRead() {
        String json = ZebraSamples.SOLUTION;
        for (String response : List.of(
                "<think>" + WRONG + "</think>" + json,
                WRONG + "</think>" + TABLE,
                "<think>a</think>" + WRONG + "<think>" + WRONG + "</think>" + json)) {
            assertThat(task.verify(problem, response).correct()).as(response).isTrue();
        }
        for (String response : List.of(
                "<think>" + json,
                "<think>" + json + "</think>",
                json + "</think>",
                "<think>" + TABLE + "</think>It has three houses.",
                json + "<think>or not",
                "<think>" + json + "</think>" + WRONG)) {
            assertThat(task.verify(problem, response).correct()).as(response).isFalse();
        }
    }

    @Test
    void everyAnswerFormatIsVerified() {
        for (String dress : dresses()) {
            assertThat(task.verify(problem, dress)).as(dress).satisfies(score -> {
                assertThat(score.correct()).isTrue();
                assertThat(score.reward()).isEqualTo(1);
                assertThat(score.parts()).containsEntry(ZebraLogic.CELLS, 1.0);
                assertThat(score.reason()).isEqualTo("right");
            });
            String exchanged = dress.replaceAll("(?i)stew", "??")
                    .replaceAll("(?i)pizza", "stew")
                    .replace("??", "pizza");
            Score score = task.verify(problem, dress.startsWith(WRONG) ? WRONG : exchanged);
            assertThat(score.correct()).as(exchanged).isFalse();
            assertThat(score.reward()).isZero();
            assertThat(score.parts().get(ZebraLogic.CELLS)).isEqualTo(4.0 / 6);
        }
    }

    @Test
    void everySingleChangedCellIsWrongAndNamed() {
        for (String value : List.of("Eric", "stew", "Peter", "stir fry", "Arnold", "pizza")) {
            Score score = task.verify(problem, ZebraSamples.SOLUTION.replace(value, "soup"));
            assertThat(score.correct()).isFalse();
            assertThat(score.parts().get(ZebraLogic.CELLS)).isEqualTo(5.0 / 6);
            assertThat(score.reason()).startsWith("5 of 6 cells right: House ").contains(" soup, expected " + value);
        }
    }

    @Test
    void rightCellsEarnTheConfiguredShare() {
        ZebraLogic partial = new ZebraLogic(new ZebraSettings(GridSize.parse("3x3"), 1, 1, 0.5));
        assertThat(partial.verify(problem, ZebraSamples.SOLUTION).reward()).isEqualTo(1);
        Score score = partial.verify(problem, WRONG);
        assertThat(score.reward()).isEqualTo(0.5 * 4 / 6);
        assertThat(score.correct()).isFalse();
        assertThat(partial.verify(problem, "I give up").reward()).isZero();
    }

    @Test
    void withoutACompleteGridTheLastOneCounts() {
        Score score = task.verify(problem, "{\"House 1\": {\"Name\": \"Eric\"}, \"House 2\": {\"Name\": \"Arnold\"}}");
        assertThat(score.parts().get(ZebraLogic.CELLS)).isEqualTo(1.0 / 6);
        assertThat(score.reason()).contains("House 1 has the Food nothing, expected stew");
        assertThat(score.parsed()).isEqualTo("House 1: Name = Eric; House 2: Name = Arnold");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "House 1: Eric, stew. House 2: Peter, stir fry. House 3: Arnold, pizza.",
                "{\"House 1\": \"Eric\"}",
                "{\"House 1\": {\"Name\": \"Eric\"",
                "{\"Name\": \"Eric\"}",
                "{\"House 9\": {\"Name\": \"Eric\"}}",
                "[[1, 2], [3]]",
                "| House | Sky |\n|---|---|\n| 1 | blue |",
                "| Eric | stew |"
            })
    void aResponseWithoutAGridHasNoAnswer(String response) {
        Score score = task.verify(problem, response);
        assertThat(score.parsed()).isNull();
        assertThat(score.reward()).isZero();
        assertThat(score.parts()).containsEntry(ZebraLogic.CELLS, 0.0);
        assertThat(score.reason()).startsWith("no answer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"Eric\", \"Peter\"]",
                "\"Eric or Peter\"",
                "\"Eric Peter Arnold\"",
                "{\"1\": \"Eric\"}",
                "null",
                "true"
            })
    void aCellThatNamesNoneOrSeveralValuesIsWrong(String cell) {
        Score score = task.verify(problem, ZebraSamples.SOLUTION.replace("\"Eric\"", cell));
        assertThat(score.parts().get(ZebraLogic.CELLS)).isEqualTo(5.0 / 6);
    }

    @Test
    void punctuationCountsWhereItAloneTellsTwoValuesApart() {
        String solution = "{\"House 1\": {\"Code\": \"C++\"}, \"House 2\": {\"Code\": \"C#\"}}";
        Problem codes = task.problem("codes", "Who writes what?", solution);
        assertThat(task.verify(codes, solution.replace('C', 'c')).correct()).isTrue();
        assertThat(task.verify(
                                codes,
                                solution.replace("++", "~").replace("#", "++").replace("~", "#"))
                        .parts())
                .containsEntry(ZebraLogic.CELLS, 0.0);
    }

    @Test
    void tenThousandMutatedResponsesGiveAVerdictEach() {
        List<String> dresses = dresses();
        String[] noise = {
            "{",
            "}",
            "[",
            "]",
            "|",
            "\"",
            "'",
            "\\",
            "\n",
            "\u0000",
            "\uD83D",
            "House 1",
            "{\"House 2\": ",
            "[{\"",
            ": ",
            ",",
            "1e999",
            "99999999999999999999",
            "\u202E",
            "null",
            "/*",
            "|||",
            "_",
            "\"Name\": ",
            "\t"
        };
        SplittableRandom random = RandomStream.of(12);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder(dresses.get(random.nextInt(dresses.size())));
            for (int edits = random.nextInt(6); edits >= 0; edits--) {
                int at = random.nextInt(text.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, noise[random.nextInt(noise.length)]);
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                    default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(200))));
                }
            }
            Score score = task.verify(problem, text.toString());
            double cells = score.parts().getOrDefault(ZebraLogic.CELLS, -1.0);
            assertThat(cells).as("round %d: %s", i, text).isBetween(0.0, 1.0);
            assertThat(score.correct()).isEqualTo(cells == 1.0).isEqualTo(score.reward() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[",
                "[{\"",
                "{\"House 1\":",
                "{\"House 1\": {\"Name\": \"Eric\"}, ",
                "[{\"House\": 1}, ",
                "{\"1\": [{\"1\": ",
                "|",
                "| House |\n",
                "|1|a|\n|1|a|\n\n",
                "\\",
                "{'1' {'1' ",
                "{\"header\": [",
                "\uD83D",
                "\u0301",
                "9",
                " ",
                "{\"1\": \"",
                "{\"1\":1e99999,",
                "\n",
                "| House 1 | House 2 |\n| Name | Eric | Peter |\n\n"
            })
    void aMegabyteOfAnythingGivesAVerdict(String unit) {
        String text = unit.repeat(1_000_000 / unit.length());
        assertThat(task.verify(problem, text).correct()).isFalse();
        assertThat(task.verify(problem, ZebraSamples.SOLUTION + "\n\n" + text.substring(0, 20_000))
                        .reward())
                .isBetween(0.0, 1.0);
        assertThat(task.verify(problem, text + "\n\n" + ZebraSamples.SOLUTION).reward())
                .isBetween(0.0, 1.0);
    }
}
