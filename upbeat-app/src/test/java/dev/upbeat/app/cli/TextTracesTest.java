package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.Cli.upbeat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces as text: their prompts have the ids that {@code --prompts} gives. */
class TextTracesTest {
    private static final String ANSWER = "It is 2.";

    @TempDir
    Path directory;

    private Path model;

    @BeforeEach
    void writeAModel() {
        model = TinyModel.writeWithChatTemplate(directory.resolve("tiny"));
    }

    @Test
    void everyFormOfATraceHasThePromptThatAnAnsweredPromptHas() {
        Path prompts = TinyModel.lines(
                directory.resolve("prompts.jsonl"),
                "{\"id\": \"a\", \"question\": \"1+1?\"}",
                "{\"id\": \"b\", \"question\": \"1+1?\"}",
                "{\"id\": \"c\", \"messages\": [{\"role\": \"user\", \"content\": \"1+1?\"}]}",
                "{\"id\": \"d\", \"prompt\": [{\"role\": \"user\", \"content\": \"1+1?\"}]}",
                "{\"id\": \"e\", \"prompt\": \"1+1?\"}");
        Path traces = TinyModel.lines(
                directory.resolve("traces.jsonl"),
                "{\"id\": \"a\", \"question\": \"1+1?\", \"response\": \"It is 2.\"}",
                "{\"id\": \"b\", \"question\": \"1+1?\", \"completion\": \"It is 2.\"}",
                "{\"id\": \"c\", \"messages\": [{\"role\": \"user\", \"content\": \"1+1?\"},"
                        + " {\"role\": \"assistant\", \"content\": \"It is 2.\"}]}",
                "{\"id\": \"d\", \"prompt\": [{\"role\": \"user\", \"content\": \"1+1?\"}],"
                        + " \"completion\": [{\"role\": \"assistant\", \"content\": \"It is 2.\"}]}",
                "{\"id\": \"e\", \"prompt\": \"1+1?\", \"completion\": \"It is 2.\"}");
        List<JsonNode> answered = rows("answered", "--prompts", prompts, "--max-new-tokens", 4);
        List<JsonNode> given = rows("given", "--traces", traces);
        assertThat(given)
                .extracting(row -> row.get("prompt_ids"))
                .containsExactlyElementsOf(
                        answered.stream().map(row -> row.get("prompt_ids")).toList());
        assertThat(given).extracting(row -> row.get("response_ids").toString()).containsOnly(bytes(ANSWER));
        assertThat(given.get(4).get("prompt_ids")).hasToString(bytes("1+1?"));
        assertThat(given.get(3).get("prompt_ids")).as("rendered").hasSizeGreaterThan(4);
    }

    @Test
    void aRawPromptPastTheChatTemplateIsReported() {
        Path traces = TinyModel.lines(
                directory.resolve("traces.jsonl"),
                "{\"prompt\": \"1+1?\", \"response\": \"2\"}",
                "{\"prompt\": \"user: 1+1?<|end|>assistant: \", \"response\": \"2\"}",
                "{\"question\": \"1+1?\", \"response\": \"2\"}");
        assertThat(analyze("traces", "--traces", traces).err())
                .contains("1 prompt is raw text", "question or messages");
        Path prompts = TinyModel.lines(directory.resolve("prompts.jsonl"), "{\"prompt\": \"1+1?\"}");
        assertThat(analyze("prompts", "--prompts", prompts, "--max-new-tokens", 4)
                        .err())
                .contains("1 prompt is raw text");
        model = TinyModel.writeWithTokenizer(directory.resolve("base"));
        assertThat(analyze("base-run", "--prompts", prompts, "--max-new-tokens", 4)
                        .err())
                .doesNotContain("raw text");
    }

    private List<JsonNode> rows(String run, Object... options) {
        analyze(run, options);
        return Cli.query(directory.resolve(run), "SELECT prompt_ids, response_ids FROM traces ORDER BY id");
    }

    private Cli analyze(String run, Object... options) {
        Object[] args = new Object[options.length + 4];
        args[0] = "analyze";
        args[1] = model;
        args[2] = "--out";
        args[3] = directory.resolve(run);
        System.arraycopy(options, 0, args, 4, options.length);
        return upbeat(args).done();
    }

    /** The tokenizer's ids of ASCII text are its bytes. */
    private static String bytes(String text) {
        return text.chars().boxed().toList().toString().replace(" ", "");
    }
}
