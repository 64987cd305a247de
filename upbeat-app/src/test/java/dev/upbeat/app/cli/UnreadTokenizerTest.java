package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose tokenizer or chat template is of a kind that is not read: refused where text is needed, and only there. */
class UnreadTokenizerTest {
    @TempDir
    Path directory;

    @Test
    void tracesByIdsAreMeasuredWithoutTexts() {
        Path traces = TinyModel.traces(directory.resolve("traces.jsonl"), 3, 4, 20);
        Cli run = Cli.upbeat("analyze", unreadTokenizer(), "--traces", traces, "--out", directory.resolve("run"))
                .done();
        assertThat(run.err()).contains("token ids but no token texts", "tokenizer.json", "Unigram");
        JsonNode counts = Cli.query(directory.resolve("run"), "SELECT count(*) AS n, count(token) AS token FROM tokens")
                .get(0);
        assertThat(counts.get("n").intValue()).isEqualTo(20 + 21 + 22);
        assertThat(counts.get("token").intValue()).isZero();
    }

    @Test
    void benchmarksNeedNoTokenizer() {
        Cli.upbeat("bench", "forward", unreadTokenizer(), "--tokens", "16", "--runs", "1")
                .done();
    }

    @Test
    void textIsRefused() {
        Path model = unreadTokenizer();
        Path out = directory.resolve("run");
        Path texts = TinyModel.lines(
                directory.resolve("texts.jsonl"), "{\"id\": \"a\", \"prompt\": \"a\", \"response\": \"b\"}");
        Cli.upbeat("analyze", model, "--traces", texts, "--out", out).refused("tokenizer.json", "Unigram");
        Cli.upbeat("analyze", model, "--text", "hi", "--out", out).refused("tokenizer.json", "Unigram");
        Cli.upbeat("eval", model, "--task", "countdown", "--out", out).refused("tokenizer.json", "Unigram");
        assertThat(out).doesNotExist();
    }

    @Test
    void rawPromptsNeedNoChatTemplateButConversationsDo() {
        Path model = TinyModel.writeWithTokenizer(directory.resolve("tiny"));
        TinyModel.put(model, "chat_template.jinja", "{% if %}");
        Path raw = TinyModel.lines(directory.resolve("raw.jsonl"), "{\"prompt\": \"Hello\"}");
        Path out = directory.resolve("run");
        Cli.upbeat("analyze", model, "--prompts", raw, "--max-new-tokens", "8", "--out", out)
                .done();
        Path question = TinyModel.lines(directory.resolve("question.jsonl"), "{\"question\": \"1+1?\"}");
        Cli.upbeat("analyze", model, "--prompts", question, "--out", directory.resolve("other"))
                .refused("the chat template cannot be used");
        Cli.upbeat("analyze", model, "--text", "1+1?", "--out", directory.resolve("other"))
                .refused("the chat template cannot be used");
    }

    private Path unreadTokenizer() {
        Path model = TinyModel.write(directory.resolve("tiny"));
        return TinyModel.put(
                model, "tokenizer.json", "{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 0.0]]}}");
    }
}
