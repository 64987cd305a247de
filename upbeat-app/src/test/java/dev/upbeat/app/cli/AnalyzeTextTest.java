package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts and texts: what the model writes is measured. */
class AnalyzeTextTest {
    @TempDir
    Path directory;

    private Path model;

    @BeforeEach
    void writeAModel() {
        model = TinyModel.writeWithChatTemplate(directory.resolve("tiny"));
    }

    @Test
    void promptsAreAnsweredEachWithItsId() {
        analyze("run", "--prompts", prompts(), "--max-new-tokens", "12").done();
        List<JsonNode> rows =
                Cli.query(directory.resolve("run"), "SELECT id, prompt_ids, response_ids, tokens FROM traces");
        assertThat(rows.stream().map(row -> row.get("id").textValue())).containsExactly("raw", "question", "chat");
        assertThat(ids(rows.get(0), "prompt_ids")).isEqualTo(bytes("Hello"));
        assertThat(ids(rows.get(1), "prompt_ids")).isEqualTo(chat("user: 1+1?", "assistant: "));
        assertThat(ids(rows.get(2), "prompt_ids")).isEqualTo(chat("system: Be brief.", "user: Hi", "assistant: "));
        for (JsonNode row : rows) {
            assertThat(row.get("tokens")).hasSameSizeAs(row.get("response_ids"));
            assertThat(row.get("response_ids").size()).isBetween(1, 12);
        }
    }

    @Test
    void aPromptStyleWordsTheQuestionOfARowThatHasAPromptToo() {
        TinyModel.enlargeContext(model, 300);
        Path file = TinyModel.lines(
                directory.resolve("styled.jsonl"),
                "{\"id\": \"q\", \"question\": \"He has 2. How many?\"}",
                "{\"id\": \"both\", \"question\": \"How many?\", \"prompt\": \"own\"}");
        analyze("run", "--prompts", file, "--prompt", "paper", "--max-new-tokens", "4")
                .done();
        List<JsonNode> rows = Cli.query(directory.resolve("run"), "SELECT prompt_ids FROM traces");
        String system = "system: Please reason step by step, and put your final answer within \\boxed{}.";
        assertThat(ids(rows.get(0), "prompt_ids"))
                .isEqualTo(chat(system, "user: Context: He has 2.\nQuestion: How many?", "assistant: "));
        assertThat(ids(rows.get(1), "prompt_ids")).isEqualTo(chat(system, "user: Question: How many?", "assistant: "));
        assertThat(directory.resolve("run/config.yaml")).content().contains("prompt: \"paper\"");
    }

    @Test
    void aModelWithoutAChatTemplateReadsAStyledQuestionAsText() {
        model = TinyModel.enlargeContext(TinyModel.writeWithTokenizer(directory.resolve("base")), 300);
        analyze("run", "--text", "1+1?", "--prompt", "Q: {question}", "--system", "Be brief.", "--max-new-tokens", "4")
                .done();
        JsonNode row = Cli.query(directory.resolve("run"), "SELECT prompt_ids FROM traces")
                .get(0);
        assertThat(ids(row, "prompt_ids")).isEqualTo(bytes("Be brief.\n\nQ: 1+1?\n\n"));
    }

    @Test
    void rowsOfOneQuestionCannotBeChosen() {
        analyze("run", "--text", "1+1?", "--sample", "2").refused("--sample 2", "--text gives one question");
        analyze("run", "--text", "1+1?", "--limit", "2").refused("--limit 2", "--text gives one question");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void aPromptStyleThatCannotBeUsedIsRefused() {
        analyze("run", "--prompts", prompts(), "--prompt", "papr")
                .refused("prompt papr is not known", "usual, paper, boxed, question", "{question}");
        analyze("run", "--prompts", prompts(), "--prompt", "paper")
                .refused("line 1: row raw has a prompt but no question");
        analyze("run", "--text", "a?", "--prompt", "paper", "--system", "b").refused("already has a system message");
        Path traces = TinyModel.lines(
                directory.resolve("traces.jsonl"), "{\"id\": \"a\", \"question\": \"b?\", \"response\": \"c\"}");
        analyze("run", "--traces", traces, "--prompt", "paper").refused("--traces gives the responses");
    }

    @Test
    void aWarningCountsTheResponsesThatWereCutOff() {
        Cli run =
                analyze("run", "--prompts", prompts(), "--max-new-tokens", "2").done();
        long cut = Cli.query(directory.resolve("run"), "SELECT tokens[-1] AS last FROM traces").stream()
                .filter(row -> !row.get("last").textValue().equals("<|end|>"))
                .count();
        assertThat(cut).isPositive();
        assertThat(run.err())
                .contains(cut + " of 3 responses were cut off: no stop token within --max-new-tokens 2 or the model's");
    }

    @Test
    void aSeedGivesTheSameResponsesAndAnotherOneOthers() {
        analyze("one", "--prompts", prompts(), "--max-new-tokens", "12", "--seed", "5")
                .done();
        analyze("two", "--prompts", prompts(), "--max-new-tokens", "12", "--seed", "5")
                .done();
        analyze("six", "--prompts", prompts(), "--max-new-tokens", "12", "--seed", "6")
                .done();
        List<JsonNode> one = Cli.query(directory.resolve("one"), "SELECT * FROM traces");
        assertThat(Cli.query(directory.resolve("two"), "SELECT * FROM traces")).isEqualTo(one);
        assertThat(Cli.query(directory.resolve("six"), "SELECT * FROM traces")).isNotEqualTo(one);
    }

    @Test
    void theAnswerToATextStreamsBeforeTheFindings() {
        Cli run = analyze("run", "--text", "1+1?", "--max-new-tokens", "20", "--temperature", "0")
                .done();
        JsonNode row = Cli.query(directory.resolve("run"), "SELECT prompt_ids, tokens FROM traces")
                .get(0);
        assertThat(ids(row, "prompt_ids")).isEqualTo(chat("user: 1+1?", "assistant: "));
        StringBuilder answer = new StringBuilder();
        row.get("tokens").forEach(token -> answer.append(token.textValue()));
        assertThat(run.out()).startsWith(answer.toString().replace("<|end|>", ""));
        assertThat(run.out().strip()).endsWith("report.html");
    }

    @Test
    void withoutAChatTemplateTextIsContinued() {
        model = TinyModel.writeWithTokenizer(directory.resolve("base"));
        analyze("run", "--text", "1+1?", "--max-new-tokens", "8").done();
        JsonNode row = Cli.query(directory.resolve("run"), "SELECT prompt_ids FROM traces")
                .get(0);
        assertThat(ids(row, "prompt_ids")).isEqualTo(bytes("1+1?"));
    }

    @Test
    void aSystemMessageComesFirst() {
        analyze("run", "--text", "Hi", "--system", "Be brief.", "--max-new-tokens", "8")
                .done();
        JsonNode row = Cli.query(directory.resolve("run"), "SELECT prompt_ids FROM traces")
                .get(0);
        assertThat(ids(row, "prompt_ids")).isEqualTo(chat("system: Be brief.", "user: Hi", "assistant: "));
    }

    @Test
    void aSystemMessageThatHasNoPlaceIsRefused() {
        analyze("run", "--prompts", prompts(), "--system", "Be kind.")
                .refused("prompts.jsonl, line 1: row raw gives", "raw text", "--system");
        Path chats = TinyModel.lines(
                directory.resolve("chats.jsonl"),
                "{\"messages\": [{\"role\": \"system\", \"content\": \"A\"}, {\"role\": \"user\", \"content\": \"B\"}]}");
        analyze("run", "--prompts", chats, "--system", "Be kind.")
                .refused("chats.jsonl, line 1: row row-1 already has a system message");
        model = Path.of("nobody/nothing"); // rows are checked before the model is looked up
        analyze("run", "--prompts", chats, "--system", "Be kind.")
                .refused("chats.jsonl, line 1: row row-1 already has a system message");
    }

    @Test
    void aConversationWithoutAChatTemplateIsRefused() {
        model = TinyModel.writeWithTokenizer(directory.resolve("base"));
        Path question = TinyModel.lines(directory.resolve("question.jsonl"), "{\"question\": \"1+1?\"}");
        analyze("run", "--prompts", question).refused("no chat template", "{\"prompt\": \"...\"}");
    }

    @Test
    void aPromptThatFillsTheContextIsRefused() {
        Path tooLong = TinyModel.lines(
                directory.resolve("long.jsonl"),
                "{\"id\": \"x\", \"prompt\": \"" + "a".repeat(TinyModel.CONTEXT) + "\"}");
        analyze("run", "--prompts", tooLong)
                .refused("long.jsonl, line 1: row x: the prompt has 96 tokens", "context of 96");
        assertThat(Cli.names(directory)).containsExactly("long.jsonl", "tiny");
    }

    private Path prompts() {
        return TinyModel.lines(
                directory.resolve("prompts.jsonl"),
                "{\"id\": \"raw\", \"prompt\": \"Hello\"}",
                "{\"id\": \"question\", \"question\": \"1+1?\", \"answer\": \"2\"}",
                "{\"id\": \"chat\", \"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"},"
                        + " {\"role\": \"user\", \"content\": \"Hi\"}]}");
    }

    private static List<Integer> bytes(String text) {
        return text.chars().boxed().toList();
    }

    /** Turns, each but the last followed by the end token. */
    private static List<Integer> chat(String... turns) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < turns.length; i++) {
            ids.addAll(bytes(turns[i]));
            if (i < turns.length - 1) {
                ids.add(TinyModel.END);
            }
        }
        return ids;
    }

    private static List<Integer> ids(JsonNode row, String column) {
        List<Integer> ids = new ArrayList<>();
        row.get(column).forEach(id -> ids.add(id.intValue()));
        return ids;
    }

    private Cli analyze(String run, Object... options) {
        List<Object> args = new ArrayList<>(List.of("analyze", model, "--out", directory.resolve(run)));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }
}
