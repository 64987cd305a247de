package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptFieldsTest {
    private static final Prompt HI = Prompt.of(List.of(new Message("user", "Hi")));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt': '[{\\'role\\': \\'user\\', \\'content\\': \\'Hi\\'}]'}",
                "{'prompt': ' [ {\\'content\\': \\'Hi\\', \\'role\\': \\'user\\'} ]\\n'}",
                "{'messages': '[{\\'role\\': \\'user\\', \\'content\\': \\'Hi\\'}]'}",
                "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'Hi'}]}]}",
                "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'H'}, {'type': 'text', 'text': 'i'}]}]}",
                "{'messages': [{'role': 'user', 'content': ['H', 'i']}]}",
                "{'messages': [{'role': 'user', 'content': 'Hi', 'name': null, 'tool_calls': null}]}",
                "{'prompt': '[{\\'role\\': \\'user\\', \\'content\\': [{\\'type\\': \\'text\\', \\'text\\': \\'Hi\\'}]}]'}",
                "{'question': 'Hi'}",
                "{'problem': 'Hi'}",
                "{'puzzle': 'Hi', 'tools': null, 'documents': [], 'system': ''}",
                "{'question': 'Hi', 'data_source': 'x', 'ability': 'math', 'extra_info': {'tools_kwargs': {}}}"
            })
    void eachSpellingOfAConversationIsRead(String line) throws IOException {
        assertThat(read(line).prompt()).as(line).isEqualTo(HI);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2, 3]",
                "[{\\\"a\\\": 1}]",
                "[role] Hi",
                "{\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Hi\\\"}",
                "[{\\\"content\\\": \\\"no role\\\"}]",
                "Continue: [{\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Hi\\\"}]"
            })
    void aTextWithoutAConversationStaysAText(String text) throws IOException {
        assertThat(read("{\"prompt\": \"" + text + "\"}").prompt().text()).isEqualTo(text.replace("\\\"", "\""));
    }

    @Test
    void partsOfMessagesAreKept() throws IOException {
        Message message = conversation("""
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null,
                 "reasoning_content": "hm", "tool_calls": [{"id": "c", "type": "function",
                 "function": {"name": "add", "arguments": {"a": 1, "b": [2.5, null]}}}]},
                 {"role": "tool", "name": "add", "tool_call_id": "c", "content": "3.5"}]}""").get(1);
        assertThat(message.hasContent()).isFalse();
        assertThat(message.fields()).containsOnlyKeys("role", "reasoning_content", "tool_calls");
        assertThat(String.valueOf(message.fields().get("tool_calls"))).contains("add", "b=[2.5, null]");
    }

    @Test
    void variablesOfTheTemplateAreKept() throws IOException {
        Prompt prompt = read("""
                {"prompt": [{"role": "user", "content": "a"}], "tools": [{"type": "function", "function": {"name": "f"}}],
                 "documents": "[{\\"title\\": \\"t\\"}]", "chat_template_kwargs": {"enable_thinking": false, "n": 3, "x": null}}""").prompt();
        assertThat(prompt.variables()).containsOnlyKeys("enable_thinking", "n", "tools", "documents");
        assertThat(prompt.variables())
                .containsEntry("enable_thinking", false)
                .containsEntry("documents", List.of(Map.of("title", "t")));
    }

    @Test
    void questionsOfTasksKeepTheVariablesToo() throws IOException {
        TaskRow row = TaskRowFile.read(
                        file("{'problem': 'Hi', 'answer': '1', 'chat_template_kwargs': {'enable_thinking': false}}"), 1)
                .get(0);
        assertThat(row.question()).isEqualTo("Hi");
        assertThat(row.prompt().variables()).isEqualTo(Map.of("enable_thinking", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{'prompt': 'a', 'tools': [{'name': 'f'}]} # tools for the chat template, but its prompt is raw text",
                "{'prompt': 'a', 'chat_template_kwargs': {'enable_thinking': true}} # enable_thinking",
                "{'prompt': '[{\\'role\\': \\'user\\', \\'content\\': ]'} # not JSON",
                "{'messages': 'a'} # messages is a text that is not JSON",
                "{'messages': ''} # messages is an empty text",
                "{'messages': [{'role': 'user', 'content': [{'type': 'image', 'image': 'a.png'}]}]} # a part of the type image",
                "{'messages': [{'role': 'user', 'content': [{'type': 'image_url', 'image_url': {}}]}]} # messages[0].content[0]",
                "{'messages': [{'role': 'user'}]} # messages[0] is without content",
                "{'messages': [{'role': 'user', 'content': 3}]} # messages[0].content is 3",
                "{'messages': [{'role': 'a', 'tool_calls': 'f()'}]} # messages[0].tool_calls is a text",
                "{'question': 'a', 'tools': {'name': 'f'}} # tools is an object; expected an array",
                "{'question': 'a', 'tools': ['f']} # tools[0] is a text; expected an object",
                "{'question': 'a', 'chat_template_kwargs': [1]} # chat_template_kwargs is an array",
                "{'question': 'a', 'chat_template_kwargs': {'add_generation_prompt': false}} # add_generation_prompt",
                "{'question': 'a', 'enable_thinking': false} # expected chat_template_kwargs",
                "{'question': 'a', 'system': 'b'} # has the field system",
                "{'question': 'a', 'tools': [{'a': 1}], 'chat_template_kwargs': {'tools': []}} # tools both as a field"
                        + " and in",
                "{'question': ' '} # question is empty"
            })
    void fieldsThatNoTemplateReadsAreRejected(String line, String message) {
        assertThatThrownBy(() -> read(line.strip()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("line 1", message.strip());
    }

    @Test
    void aListInPythonsNotationIsRefused() {
        assertThatThrownBy(() -> read("{\"prompt\": \"[{'role': 'user', 'content': 'Hi'}]\"}"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("prompt", "not JSON");
    }

    @Test
    void parquetColumnsAreReadAsTheLinesAre() throws IOException, SQLException {
        Path file = directory.resolve("prompts.parquet");
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT * FROM (VALUES"
                    + " ('[{\"role\": \"user\", \"content\": \"Hi\"}]', NULL, NULL, {'enable_thinking': false}),"
                    + " (NULL, [{'role': 'user', 'content': 'Hi', 'name': NULL}], NULL, {'enable_thinking': NULL}),"
                    + " (NULL, NULL, 'Hi', NULL)) t(prompt, messages, problem, chat_template_kwargs)) TO "
                    + Duck.literal(file) + " (FORMAT parquet)");
        }
        List<TaskRow> rows = TaskRowFile.readPrompts(file);
        assertThat(rows.get(0).prompt()).isEqualTo(HI.withVariables(Map.of("enable_thinking", false)));
        assertThat(rows.get(1).prompt()).isEqualTo(HI);
        assertThat(rows.get(2).prompt()).isEqualTo(HI);
    }

    private List<Message> conversation(String line) throws IOException {
        return Objects.requireNonNull(read(line.replace("\n", " ")).prompt().messages());
    }

    /** @param line with single quotes for double ones, where it has no double ones */
    private TaskRow read(String line) throws IOException {
        return TaskRowFile.readPrompts(file(line)).get(0);
    }

    private Path file(String line) throws IOException {
        String json = line.contains("\"") ? line : line.replace("\\'", "\\\"").replace("'", "\"");
        Path file = directory.resolve("rows.jsonl");
        Files.writeString(file, json.replace("\n", " ") + "\n");
        return file;
    }
}
