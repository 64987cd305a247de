package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalWriterTest {
    private static final EvalRow ROW = new EvalRow(
            null,
            null,
            "test-0",
            null,
            Map.of(),
            "6 44 37 > 75\n",
            "75",
            0.5,
            List.of(1.0, 0.0),
            Arrays.asList("44 + ( 37 - 6 )", null),
            List.of("right", "no answer"),
            List.of("# 44 + ( 37 - 6 )", "zwölf\n"),
            List.of(9, 2),
            List.of(true, false));

    @TempDir
    private Path directory;

    @Test
    void anEvaluationAppearsWholeWithARowAProblem() throws IOException {
        Path target = directory.resolve("runs/eval");
        try (EvalWriter writer = EvalWriter.create(target, false)) {
            assertThat(target).doesNotExist();
            assertThat(writer.write(Map.of("task", "countdown"), provenance(), List.of(ROW, ROW)))
                    .isEqualTo(target);
        }
        assertThat(names(target)).containsExactly("config.yaml", "eval.jsonl", "provenance.json");
        List<String> lines = Files.readAllLines(target.resolve("eval.jsonl"));
        assertThat(lines).hasSize(2);
        JsonNode row = new ObjectMapper().readTree(lines.get(0));
        assertThat(row.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "prompt",
                        "answer",
                        "accuracy",
                        "rewards",
                        "parsed",
                        "reasons",
                        "responses",
                        "response_tokens",
                        "stopped");
        assertThat(row.get("parsed").get(1).isNull()).isTrue();
        assertThat(TaskRowFile.readPrompts(target.resolve("eval.jsonl"), 1))
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("place")
                .containsExactly(new TaskRow("test-0", Prompt.of("6 44 37 > 75\n"), "75"));
        assertThat(row.get("responses").get(1).asText()).isEqualTo("zwölf\n");
    }

    @Test
    void aRowOfTrainingNamesItsStepAndBenchmark() throws IOException {
        EvalRow row = new EvalRow(
                25L, "aime24", "a", null, Map.of(), null, "", 1, List.of(), List.of(), List.of(), List.of(), List.of(),
                List.of());
        assertThat(EvalWriter.line(row))
                .startsWith("{\"step\":25,\"benchmark\":\"aime24\",\"id\":\"a\",")
                .endsWith("}\n");
    }

    @Test
    void unfinishedRunsLeaveNothingBehind() throws IOException {
        EvalWriter writer = EvalWriter.create(directory.resolve("a/b/eval"), false);
        assertThat(names(directory)).containsExactly("a");
        writer.close();
        assertThat(names(directory)).isEmpty();
        EvalWriter.create(directory.resolve("eval"), false).abandon();
        assertThat(names(directory)).isEmpty();
    }

    @Test
    void anExistingDirectoryNeedsForce() throws IOException {
        Path target = Files.createDirectory(directory.resolve("eval"));
        Files.writeString(target.resolve("eval.jsonl"), "old");
        Files.writeString(target.resolve("provenance.json"), "{}");
        assertThatThrownBy(() -> EvalWriter.create(target, false))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("--force");
        try (EvalWriter writer = EvalWriter.create(target, true)) {
            writer.write(Map.of(), provenance(), List.of(ROW));
        }
        assertThat(Files.readString(target.resolve("eval.jsonl"))).isEqualTo(EvalWriter.line(ROW));
    }

    private static Provenance provenance() {
        return Provenance.ofThisMachine(
                new FileHash("m", "0".repeat(64)), null, Map.of(), 0, "2.10.0", 1, "products f32", List.of());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
