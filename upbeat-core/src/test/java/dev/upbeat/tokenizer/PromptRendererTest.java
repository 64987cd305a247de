package dev.upbeat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromptRendererTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Message SYSTEM = new Message("system", "Be brief.");
    private static final Message USER = new Message("user", "Hi");
    private static final Message ASSISTANT = new Message("assistant", "The answer is ");
    private static final String LOOP = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}";
    private static final String OPEN = "{% if add_generation_prompt %}<assistant>{% endif %}";
    private static final String PLAIN = LOOP + OPEN;

    @Test
    void aFinalAssistantMessageIsContinuedAsTransformersDoes() throws IOException {
        JsonNode golden = JSON.readTree(resource("golden.json"));
        Map<String, String> special = JSON.convertValue(golden.get("special_tokens"), new TypeReference<>() {});
        int compared = 0;
        for (JsonNode row : golden.get("continued")) {
            String name = row.get("template").asText();
            if (Set.of("headers", "calls", "small").contains(name)) {
                continue; // these tell the date
            }
            List<Map<String, Object>> conversation = JSON.convertValue(
                    golden.get("conversations").get(row.get("conversation").asInt()), new TypeReference<>() {});
            PromptRenderer renderer =
                    new PromptRenderer(ChatTemplate.parse(resource(name + ".jinja"), special), Map.of());
            conversation.forEach(message -> message.values().removeIf(Objects::isNull));
            List<Message> messages = conversation.stream().map(Message::new).toList();
            if (row.has("fails")) {
                assertThatThrownBy(() -> renderer.continued(messages)).isInstanceOf(BadInputException.class);
            } else {
                assertThat(renderer.continued(messages))
                        .as(row.toString())
                        .isEqualTo(row.get("rendered").asText());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(50);
    }

    @Test
    void anAnswerIsBegunOrContinuedByTheLastRole() {
        assertThat(prompt(PLAIN, USER)).isEqualTo("<user>Hi<assistant>");
        assertThat(prompt(PLAIN, USER, ASSISTANT)).isEqualTo("<user>Hi<assistant>The answer is ");
        assertThat(prompt(PLAIN, USER, ASSISTANT, new Message("tool", "4")))
                .isEqualTo("<user>Hi<assistant>The answer is <tool>4<assistant>");
        assertThat(prompt(PLAIN, USER, ASSISTANT.withContent(""))).isEqualTo("<user>Hi<assistant>");
    }

    @Test
    void aTemplateThatStripsEndsAtTheLastWord() {
        String stripping = "{% for m in messages %}<{{ m.role }}> {{ m.content | trim }}</s>{% endfor %}";
        assertThat(prompt(stripping, USER, ASSISTANT)).isEqualTo("<user> Hi</s><assistant> The answer is");
    }

    @Test
    void anAnswerThatCannotBeContinuedIsRefused() {
        Message call = new Message(Map.of("role", "assistant", "tool_calls", List.of(Map.of("name", "look"))));
        assertRefused("{{ messages[1].tool_calls }}", Map.of(), List.of(USER, call), "without content");
        String dropping = "{% for m in messages %}{{ m.content.split('is')[-1] }}{% endfor %}";
        assertRefused(dropping, Map.of(), List.of(USER, ASSISTANT), "drops a part");
    }

    @Test
    void variablesReachTheTemplateOrAreRefused() {
        String template = PLAIN + "{% if enable_thinking is defined and not enable_thinking %}<nothink>{% endif %}";
        ChatTemplate thinking = ChatTemplate.parse(template, Map.of());
        assertThat(thinking.prompt(List.of(USER), Map.of())).endsWith("<assistant>");
        assertThat(thinking.prompt(List.of(USER), Map.of("enable_thinking", false)))
                .endsWith("<nothink>");
        assertThat(thinking.prompt(List.of(USER), Map.of("enable_thinking", true)))
                .endsWith("<assistant>");
        assertRefused(PLAIN, Map.of("enable_thinking", true), List.of(USER), "never reads enable_thinking");
        assertRefused(PLAIN, Map.of("tools", List.of(Map.of("name", "f"))), List.of(USER), "never reads tools");
        assertRefused(
                "{{ messages[0].documents }}",
                Map.of("documents", List.of(Map.of())),
                List.of(USER),
                "never reads documents");
    }

    @Test
    void partsOfAMessageReachTheTemplateOrAreRefused() {
        Message calling = ASSISTANT.with("tool_calls", List.of(Map.of("function", Map.of("name", "look"))));
        List<Message> talk = List.of(USER, calling, USER);
        assertRefused(PLAIN, Map.of(), talk, "never reads tool_calls");
        assertThat(template("{{ messages[1].tool_calls[0].function.name }}").prompt(talk, Map.of()))
                .isEqualTo("look");
        assertThat(template("{{ messages | tojson }}").prompt(talk, Map.of())).contains("tool_calls");

        Message reasoning = ASSISTANT.with("reasoning_content", "hm");
        assertRefused(PLAIN, Map.of(), List.of(USER, reasoning, USER), "never reads reasoning_content");
        assertThat(template("{{ messages[1]['reasoning_content'] }}").prompt(List.of(USER, reasoning, USER), Map.of()))
                .isEqualTo("hm");
        assertThat(template("{{ messages[1].thinking }}").prompt(List.of(USER, reasoning, USER), Map.of()))
                .as("by its other name")
                .isEqualTo("hm");
        assertThat(prompt(PLAIN, USER, ASSISTANT, new Message("tool", "4").with("tool_call_id", "c1")))
                .as("an id that is no part of the text")
                .contains("<tool>4");
    }

    @Test
    void withoutASystemRoleTheSystemTextPrecedesTheQuestion() {
        String raising =
                "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
                        + PLAIN;
        String dropping =
                "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}" + OPEN;
        for (String template : List.of(raising, dropping)) {
            assertThat(prompt(template, SYSTEM, USER)).isEqualTo("<user>Be brief.\n\nHi<assistant>");
            assertThat(prompt(template, SYSTEM, USER, ASSISTANT))
                    .isEqualTo("<user>Be brief.\n\nHi<assistant>The answer is ");
            assertThat(prompt(template, SYSTEM, USER, ASSISTANT, USER))
                    .isEqualTo("<user>Be brief.\n\nHi<assistant>The answer is <user>Hi<assistant>");
        }
        assertThat(prompt(PLAIN, SYSTEM, USER)).isEqualTo("<system>Be brief.<user>Hi<assistant>");
    }

    @Test
    void aDroppedSystemTextIsNoticedDespiteTheSameWords() {
        String dropping = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}";
        assertThat(prompt(dropping, new Message("system", "Hi"), USER)).isEqualTo("<user>Hi\n\nHi");
    }

    @Test
    void onlyTheSystemMessagesThatAreDroppedAreMoved() {
        String firstOnly =
                "{% for m in messages %}{% if loop.first or m.role != 'system' %}<{{ m.role }}>{{ m.content }}"
                        + "{% endif %}{% endfor %}";
        Message later = new Message("system", "Now in French.");
        assertThat(prompt(firstOnly, SYSTEM, USER, ASSISTANT, later, USER))
                .isEqualTo("<system>Be brief.<user>Hi<assistant>The answer is <user>Now in French.\n\nHi");
        assertRefused(firstOnly, Map.of(), List.of(SYSTEM, USER, later), "drops the system message");
    }

    @Test
    void aTemplatesOtherReasonForRefusalIsReported() {
        String strict = "{% if messages[-1].role == 'user' %}{{ raise_exception('no question') }}{% endif %}" + PLAIN;
        assertRefused(strict, Map.of(), List.of(SYSTEM, USER), "no question");
    }

    private static String prompt(String template, Message... messages) {
        return template(template).prompt(List.of(messages), Map.of());
    }

    private static ChatTemplate template(String source) {
        return ChatTemplate.parse(source, Map.of());
    }

    private static void assertRefused(
            String template, Map<String, Object> variables, List<Message> messages, String message) {
        assertThatThrownBy(() -> template(template).prompt(messages, variables))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PromptRendererTest.class.getResourceAsStream("/chat_templates/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
