package dev.upbeat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.task.math.MathVerifier;
import dev.upbeat.trace.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Accuracy of the mathematics verifier on the triples of {@code answer_equivalence}, and on the answers of every data
 * set in their usual formats, unchanged and changed. {@code VerifierTable DATA_DIR}
 */
public final class VerifierTable {
    private static final Map<String, UnaryOperator<String>> FORMATS = formats();

    private VerifierTable() {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        if (Files.exists(data.resolve("answer_equivalence"))) {
            triples(data.resolve("answer_equivalence"));
        }
        System.out.printf("%n%-44s %8s %10s %10s%n", "data set", "answers", "right", "changed");
        for (Path file : VerifierData.mathFiles(data)) {
            golds(data.relativize(file).toString(), VerifierData.rows(file));
        }
    }

    private static void triples(Path directory) throws IOException {
        Set<String> counted = new HashSet<>(Files.readAllLines(directory.resolve("counted.txt")));
        int agreed = 0;
        int all = 0;
        for (JsonNode row : VerifierData.rows(directory.resolve("cases.jsonl"))) {
            if (!counted.contains(row.path("id").asText())) {
                continue;
            }
            Score score = MathVerifier.verify(
                    row.path("gold").asText(), row.path("prediction").asText());
            boolean expected = row.path("expected").asBoolean();
            all++;
            if (score.correct() == expected) {
                agreed++;
            } else {
                System.out.printf(
                        "%s expected %s: gold %s | prediction %s | parsed %s | %s%n",
                        row.path("id").asText(),
                        expected ? "right" : "wrong",
                        end(row.path("gold").asText()),
                        end(row.path("prediction").asText()),
                        score.parsed(),
                        score.reason());
            }
        }
        System.out.printf("triples: %d of %d as expected (%.2f %%)%n", agreed, all, 100.0 * agreed / all);
    }

    private static String end(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() <= 160 ? line : ".. " + line.substring(line.length() - 160);
    }

    private static void golds(String name, List<JsonNode> rows) {
        Map<String, List<String>> misses = new LinkedHashMap<>();
        int right = 0;
        int shown = 0;
        int wrong = 0;
        for (JsonNode row : rows) {
            String gold = row.path("answer").asText();
            for (Map.Entry<String, UnaryOperator<String>> format : FORMATS.entrySet()) {
                shown++;
                Score score = MathVerifier.verify(gold, format.getValue().apply(gold));
                if (score.correct()) {
                    right++;
                } else {
                    misses.computeIfAbsent("gold not recognised, " + format.getKey(), key -> new ArrayList<>())
                            .add(gold + " (parsed " + score.parsed() + ": " + score.reason() + ")");
                }
                String other = VerifierChanged.of(gold);
                if (MathVerifier.verify(gold, format.getValue().apply(other)).correct()) {
                    wrong++;
                    misses.computeIfAbsent("changed answer accepted, " + format.getKey(), key -> new ArrayList<>())
                            .add(gold + " for " + other);
                }
            }
        }
        System.out.printf(
                "%-44s %8d %10.4f %10.4f%n", name, rows.size(), (double) right / shown, (double) wrong / shown);
        misses.forEach((kind, list) -> list.forEach(miss -> System.out.println("    " + kind + ": " + miss)));
    }

    private static Map<String, UnaryOperator<String>> formats() {
        Map<String, UnaryOperator<String>> formats = new LinkedHashMap<>();
        formats.put("\\boxed", gold -> "We add 3 and 4.\n\nSo we get $\\boxed{" + gold + "}$.");
        formats.put("\\boxed after </think>", gold -> "<think>\\boxed{0}?</think>\n\\[\\boxed{" + gold + "}\\]");
        formats.put("####", gold -> "There are 3 of them, and 4.\n#### " + gold);
        formats.put("the answer is", gold -> "We take 3 of 4. The answer is " + gold + ".");
        formats.put("the answer is $ $", gold -> "We take 3 of 4. Therefore, the final answer is $" + gold + "$.");
        formats.put("a formula at the end", gold -> "With 3 of 4 we have at last $" + gold + "$");
        formats.put("bare", gold -> gold);
        return formats;
    }
}
