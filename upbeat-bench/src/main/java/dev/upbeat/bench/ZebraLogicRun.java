package dev.upbeat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.task.TaskRow;
import dev.upbeat.task.zebra.GridSize;
import dev.upbeat.task.zebra.ZebraLogic;
import dev.upbeat.task.zebra.ZebraSettings;
import dev.upbeat.trace.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements of ZebraLogic: {@code speed} prints the number of puzzles generated per second for each size. {@code
 * published FILE} solves every published puzzle with the clue reader and the solver, and verifies its solution in each
 * answer format, unchanged and with a changed cell. docs/zebralogic.md has the commands.
 */
public final class ZebraLogicRun {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PUZZLES = 500;

    private ZebraLogicRun() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 1 && arguments[0].equals("speed")) {
            speed();
        } else if (arguments.length == 2 && arguments[0].equals("published")) {
            published(Path.of(arguments[1]));
        } else {
            System.err.println("usage: ZebraLogicRun speed | published FILE.jsonl");
            System.exit(2);
        }
    }

    private static void speed() {
        new ZebraLogic(new ZebraSettings(GridSize.parse("all"), 1_000, 1, 0)).prompts(0, 0, 1_000); // warm-up
        System.out.println("size,difficulty,puzzles_per_s,mean_clues");
        for (GridSize size : GridSize.parse("all")) {
            ZebraLogic task = new ZebraLogic(new ZebraSettings(List.of(size), PUZZLES, 1, 0));
            long start = System.nanoTime();
            List<Problem> problems = task.prompts(0, 0, PUZZLES);
            double seconds = (System.nanoTime() - start) / 1e9;
            double clues =
                    problems.stream().mapToLong(ZebraLogicRun::clues).average().orElse(0);
            System.out.printf("%s,%s,%.0f,%.1f%n", size, size.difficulty(), PUZZLES / seconds, clues);
        }
    }

    private static long clues(Problem problem) {
        return String.valueOf(problem.text())
                .lines()
                .filter(line -> line.matches("[0-9]+\\. .*"))
                .count();
    }

    private static void published(Path file) throws IOException {
        ZebraLogic task = new ZebraLogic(ZebraSettings.ofSizes("all"));
        int rows = 0;
        int agree = 0;
        int clues = 0;
        Map<String, int[]> verdicts = new LinkedHashMap<>();
        long start = System.nanoTime();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = JSON.readTree(line);
            String id = row.get("id").asText();
            Problem gold = task.problem(new TaskRow(
                    id, row.get("question").asText(), row.get("answer").asText()));
            rows++;
            try {
                Problem solved =
                        task.problem(new TaskRow(id, row.get("question").asText(), null));
                agree += JSON.readTree(solved.answer()).equals(JSON.readTree(gold.answer())) ? 1 : 0;
                clues += (int) clues(gold);
            } catch (BadInputException e) {
                System.out.println(e.getMessage());
            }
            verify(task, gold, row, verdicts);
        }
        System.out.printf(
                "%d puzzles, %d clues read, solver and published solution agree on %d (%.1f s)%n",
                rows, clues, agree, (System.nanoTime() - start) / 1e9);
        System.out.println("format,right_accepted,changed_accepted");
        for (Map.Entry<String, int[]> format : verdicts.entrySet()) {
            System.out.printf(
                    "%s,%.4f,%.4f%n",
                    format.getKey(), format.getValue()[0] / (double) rows, format.getValue()[1] / (double) rows);
        }
    }

    private static void verify(ZebraLogic task, Problem gold, JsonNode row, Map<String, int[]> verdicts) {
        List<List<String>> table = table(row);
        List<List<String>> changed = new ArrayList<>();
        table.forEach(line -> changed.add(new ArrayList<>(line)));
        // A wrong answer: two houses exchange a value.
        int column = 1 + Math.floorMod(gold.id().hashCode(), table.get(0).size() - 1);
        changed.get(1).set(column, table.get(2).get(column));
        changed.get(2).set(column, table.get(1).get(column));
        ZebraAnswerFormats.of(table).forEach((format, response) -> count(task, gold, response, 0, format, verdicts));
        ZebraAnswerFormats.of(changed).forEach((format, response) -> count(task, gold, response, 1, format, verdicts));
    }

    private static void count(
            ZebraLogic task, Problem gold, String response, int changed, String format, Map<String, int[]> verdicts) {
        Score score = task.verify(gold, response);
        verdicts.computeIfAbsent(format, name -> new int[2])[changed] += score.correct() ? 1 : 0;
        if (score.correct() == (changed == 1)) {
            System.out.println(gold.id() + ", " + format + (changed == 1 ? " changed: " : ": ") + score.reason());
        }
    }

    private static List<List<String>> table(JsonNode row) {
        List<List<String>> table = new ArrayList<>();
        table.add(texts(row.get("header")));
        row.get("rows").forEach(line -> table.add(texts(line)));
        return table;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(value -> texts.add(value.asText()));
        return texts;
    }
}
