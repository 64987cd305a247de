package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.cli.MiniatureRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/paper-tables.md: every table and figure is there, its files exist, and its miniature gives a table with all rows. */
class PaperTablesPageTest {
    private static final Path PAGE = Path.of("../docs/paper-tables.md");
    private static final Pattern COMMAND = Pattern.compile("`\\./upbeat ([^`]*)`");

    @TempDir
    private Path directory;

    private static List<String> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| Table") || line.startsWith("| Figure"))
                .toList();
    }

    /** The commands of a column of the page, counted from 1 (command) to 2 (miniature). */
    private static List<String> commands(int column) throws IOException {
        Set<String> commands = new TreeSet<>();
        for (String row : rows()) {
            Matcher matcher = COMMAND.matcher(row.split("\\|", -1)[column + 1]);
            while (matcher.find()) {
                commands.add(matcher.group(1));
            }
        }
        return List.copyOf(commands);
    }

    static Stream<String> miniatures() throws IOException {
        return commands(2).stream();
    }

    @Test
    void everyTableAndFigureIsThere() throws IOException {
        List<String> named = new ArrayList<>();
        Pattern kinds = Pattern.compile("(Table|Figure)s? ([^:|,]*(?:, \\d[^:|,]*)*)");
        for (String row : rows()) {
            Matcher matcher = kinds.matcher(row.split("\\|", -1)[1]);
            while (matcher.find()) {
                Matcher numbers = Pattern.compile("\\d+").matcher(matcher.group(2));
                while (numbers.find()) {
                    named.add(matcher.group(1) + " " + numbers.group());
                }
            }
        }
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            all.add("Table " + i);
        }
        for (int i = 2; i <= 9; i++) {
            all.add("Figure " + i);
        }
        assertThat(named).containsAll(all);
    }

    @Test
    void everyFileThatIsNamedExists() throws IOException {
        for (int column : new int[] {1, 2}) {
            for (String command : commands(column)) {
                for (String word : command.split("[ ,]")) {
                    if (word.startsWith("examples/") || word.startsWith("models/")) {
                        assertThat(Path.of("..", word)).exists();
                    }
                }
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("miniatures")
    void theMiniatureGivesItsTable(String command) throws IOException {
        Path out = directory.resolve("out");
        String printed = MiniatureRun.of(command, out);
        if (command.startsWith("bench")) {
            assertThat(new ObjectMapper().readTree(printed).path("metrics_s").doubleValue())
                    .isPositive();
        } else if (command.startsWith("analyze")) {
            assertThat(out.resolve("report.html")).isNotEmptyFile();
        } else {
            JsonNode study =
                    new ObjectMapper().readTree(out.resolve("study.json").toFile());
            if (study.path("study").textValue().equals("linkage")) {
                assertThat(study.path("linkages")).isNotEmpty();
                assertThat(study.path("overlaps")).isNotEmpty();
            } else if (study.path("study").textValue().equals("perturbation")) {
                assertThat(study.path("comparisons")).isNotEmpty();
            } else {
                assertEveryMethodHasItsRow(study, out);
            }
        }
    }

    private static void assertEveryMethodHasItsRow(JsonNode study, Path out) throws IOException {
        String markdown = Files.readString(out.resolve("study.md"));
        JsonNode table = study.path("table");
        assertThat(table.path("done")).isEqualTo(table.path("of"));
        JsonNode methods = table.path("tasks").path(0).path("methods");
        assertThat(methods).hasSizeGreaterThanOrEqualTo(5).allSatisfy(method -> {
            assertThat(markdown).contains("| " + method.path("name").textValue());
            assertThat(method.path("results")).isNotEmpty().allSatisfy(result -> assertThat(
                            result.path("values").path(0).isNumber())
                    .isTrue());
        });
    }
}
