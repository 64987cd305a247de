package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Message> HELLO = List.of(new Message("user", "Hello"));

    @Test
    void everyGoldenConversationIsRenderedAsTransformersDoes() throws IOException {
        JsonNode golden = JSON.readTree(resource("golden.json"));
        Map<String, String> special = JSON.convertValue(golden.get("special_tokens"), new TypeReference<>() {});
        LocalDateTime now = LocalDateTime.parse(golden.get("now").asText());
        Set<String> templates = new TreeSet<>();
        for (JsonNode row : golden.get("cases")) {
            String name = row.get("template").asText();
            templates.add(name);
            ChatTemplate template = ChatTemplate.parse(resource(name + ".jinja"), special);
            List<Map<String, Object>> conversation = JSON.convertValue(
                    golden.get("conversations").get(row.get("conversation").asInt()), new TypeReference<>() {});
            conversation.forEach(message -> message.values().removeIf(Objects::isNull)); // as transformers does
            List<Message> messages = conversation.stream().map(Message::new).toList();
            boolean prompt = row.get("add_generation_prompt").asBoolean();
            Map<String, Object> variables = JSON.convertValue(
                    golden.get("variables").get(row.get("variables").asInt()), new TypeReference<>() {});
            if (row.has("fails")) {
                assertThatThrownBy(() -> template.render(messages, prompt, variables, now))
                        .isInstanceOf(BadInputException.class)
                        .hasMessageContaining(row.get("fails").asText());
            } else {
                assertThat(template.render(messages, prompt, variables, now))
                        .as(row.toString())
                        .isEqualTo(row.get("rendered").asText());
            }
        }
        assertThat(templates)
                .containsExactly(
                        "bars",
                        "brackets",
                        "calls",
                        "headers",
                        "lines",
                        "macros",
                        "parts",
                        "plain",
                        "reasoner",
                        "small",
                        "thinking",
                        "turns",
                        "values",
                        "whitespace");
    }

    @Test
    void aGenerationPromptIsAddedOnRequest() throws IOException {
        ChatTemplate template = ChatTemplate.parse(resource("plain.jinja"), Map.of());
        String prompt = template.render(HELLO, true);
        assertThat(prompt).isEqualTo(template.render(HELLO, false) + "[assistant]\n");
        assertThat(prompt).contains("[user]\nHello[end]\n");
    }

    @Test
    void theJinjaFileOverridesTheConfigsTemplate(@TempDir Path folder) throws IOException {
        assertThat(ChatTemplate.fromFolder(folder)).isEmpty();

        write(folder, "tokenizer_config.json", Map.of("chat_template", "config {{ messages[0].content }}"));
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("config Hello");

        write(
                folder,
                "tokenizer_config.json",
                Map.of(
                        "chat_template",
                        List.of(
                                Map.of("name", "tool_use", "template", "tools"),
                                Map.of("name", "default", "template", "named"))));
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("named");

        write(
                folder,
                "tokenizer_config.json",
                Map.of("chat_template", List.of(Map.of("name", "rag", "template", "x"))));
        assertThatThrownBy(() -> ChatTemplate.fromFolder(folder))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("are named [rag]", "expected one named default");

        Files.writeString(folder.resolve("chat_template.jinja"), "file\n");
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("file");
    }

    @Test
    void specialTokensComeFromBothFiles(@TempDir Path folder) throws IOException {
        Map<String, Object> config = new HashMap<>();
        config.put("chat_template", "{{ bos_token }}|{{ eos_token }}|{{ pad_token is defined }}|{{ add_bos_token }}");
        config.put("bos_token", Map.of("content", "<b>", "lstrip", false));
        config.put("eos_token", "<e>");
        config.put("pad_token", null);
        config.put("add_bos_token", true);
        write(folder, "tokenizer_config.json", config);
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("<b>|<e>|False|");

        write(folder, "special_tokens_map.json", Map.of("eos_token", Map.of("content", "<map>")));
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("<b>|<map>|False|");

        config.put("added_tokens_decoder", Map.of());
        write(folder, "tokenizer_config.json", config);
        assertThat(ChatTemplate.fromFolder(folder).orElseThrow().render(HELLO, false))
                .isEqualTo("<b>|<e>|False|");
    }

    @Test
    void theTemplateOfAGgufKnowsItsSpecialTokens() {
        Map<String, Object> values = new HashMap<>(Map.of("tokenizer.ggml.tokens", List.of("<b>", "a", "<e>")));
        GgufMetadata metadata = new GgufMetadata(Path.of("model.gguf"), values);
        assertThat(ChatTemplate.fromGguf(metadata)).isEmpty();
        values.put("tokenizer.chat_template", "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}");
        values.put("tokenizer.ggml.bos_token_id", 0L);
        values.put("tokenizer.ggml.eos_token_id", 2L);
        assertThat(ChatTemplate.fromGguf(metadata).orElseThrow().render(HELLO, false))
                .isEqualTo("<b>Hello<e>");
    }

    @Test
    void variablesReachTheTemplateAndOverrideSpecialTokens() {
        ChatTemplate template =
                ChatTemplate.parse("{{ bos_token }}{{ tools is none }}{{ n + 1 }}", Map.of("bos_token", "<s>"));
        assertThat(template.render(HELLO, false, Map.of("n", 1))).isEqualTo("<s>True2");
        assertThat(template.render(HELLO, false, Map.of("n", 1.5, "bos_token", "", "tools", List.of())))
                .isEqualTo("False2.5");
    }

    @Test
    void badConversationsAndVariablesAreRefused() {
        ChatTemplate template = ChatTemplate.parse("\n{{ raise_exception('no ' ~ messages[0].role) }}", Map.of());
        assertRefused(() -> template.render(HELLO, false), "line 2", "refuses the conversation: no user");
        assertRefused(() -> template.render(List.of(), false), "no message", "expected at least one");
        assertRefused(() -> template.render(HELLO, false, Map.of("messages", List.of())), "messages", "not a variable");
        assertRefused(() -> template.render(HELLO, false, Map.of("x", new Object())), "variable", "expected strings");
        assertRefused(() -> template.render(HELLO, false, Map.of("x", Double.NaN)), "NaN", "finite");
    }

    @Test
    void aConfigThatIsNotJsonIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{");
        assertRefused(() -> ChatTemplate.fromFolder(folder), "tokenizer_config.json is not JSON");
    }

    private static void assertRefused(Runnable action, String... parts) {
        assertThatThrownBy(action::run).isInstanceOf(BadInputException.class).hasMessageContainingAll(parts);
    }

    private static void write(Path folder, String name, Map<String, ?> content) throws IOException {
        Files.write(folder.resolve(name), JSON.writeValueAsBytes(content));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/chat_templates/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
