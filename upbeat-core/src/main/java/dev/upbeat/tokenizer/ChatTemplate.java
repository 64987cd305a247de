package dev.upbeat.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.gguf.GgufMetadata;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.jinja.JinjaTemplate;
import dev.upbeat.json.ParseFault;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chat template of a model: renders a conversation to the same text as transformers'
 * {@code apply_chat_template(tokenize=False)}. The text already has its special tokens, so it must be encoded without
 * adding any.
 */
public final class ChatTemplate {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String TOOLS = "tools";
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    /** Keys of a message's reasoning; a template reads one of them (transformers' {@code _REASONING_FIELDS}). */
    static final List<String> REASONING = List.of("reasoning_content", "thinking", "reasoning");

    private final JinjaTemplate template;
    private final @Nullable JinjaTemplate withTools;
    private final Map<String, String> specialTokens;

    private ChatTemplate(JinjaTemplate template, @Nullable JinjaTemplate withTools, Map<String, String> specialTokens) {
        this.template = template;
        this.withTools = withTools;
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * @param specialTokens by their name in the template: bos_token, eos_token and so on
     * @throws BadInputException if the template has a malformed or unsupported part, naming it
     */
    public static ChatTemplate parse(String source, Map<String, String> specialTokens) {
        return new ChatTemplate(JinjaTemplate.parse(source), null, specialTokens);
    }

    /**
     * The template of a Hugging Face folder: chat_template.jinja, else {@code chat_template} in tokenizer_config.json. Among
     * several templates "default" is used, and "tool_use" for conversations with tools. Empty if the folder has neither, as for
     * base models.
     */
    public static Optional<ChatTemplate> fromFolder(Path folder) {
        JsonNode config = json(folder.resolve("tokenizer_config.json"));
        Map<String, String> byName = named(config.path("chat_template"));
        String file = text(folder.resolve("chat_template.jinja"));
        if (file != null) {
            byName = new TreeMap<>(Map.of(DEFAULT, file));
            String tools = text(folder.resolve("additional_chat_templates").resolve(TOOL_USE + ".jinja"));
            if (tools != null) {
                byName.put(TOOL_USE, tools);
            }
        }
        if (byName.isEmpty()) {
            return Optional.empty();
        }
        String source = byName.get(DEFAULT);
        if (source == null) {
            throw new BadInputException("the chat templates of " + folder + " are named " + byName.keySet()
                    + ": expected one named default");
        }
        String tools = byName.get(TOOL_USE);
        return Optional.of(new ChatTemplate(
                JinjaTemplate.parse(source),
                tools == null ? null : JinjaTemplate.parse(tools),
                specialTokens(config, folder)));
    }

    /** The template in a GGUF's metadata; empty if it has none. */
    public static Optional<ChatTemplate> fromGguf(GgufMetadata metadata) {
        return metadata.contains(GgufMetadata.CHAT_TEMPLATE)
                ? Optional.of(parse(metadata.string(GgufMetadata.CHAT_TEMPLATE), GgufTokenizer.specialTokens(metadata)))
                : Optional.empty();
    }

    /**
     * The prompt of a conversation. A conversation that ends with an assistant message is continued there; any other ends
     * before the model's answer. A system message that the template does not support is put before the next question.
     *
     * @param variables of the template: {@code enable_thinking}, {@code tools} and so on
     * @throws BadInputException if a variable or a part of the conversation would not reach the prompt, or the template rejects
     *     the conversation
     */
    public String prompt(List<Message> messages, Map<String, ? extends @Nullable Object> variables) {
        return new PromptRenderer(this, variables).prompt(messages);
    }

    /** The template that renders these variables. */
    JinjaTemplate template(Map<String, ? extends @Nullable Object> variables) {
        return withTools != null && variables.get(TOOLS) != null ? withTools : template;
    }

    /**
     * @param addGenerationPrompt whether the text ends with the beginning of the model's answer
     * @throws BadInputException if there is no message, or the template rejects the conversation
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, Map.of());
    }

    /**
     * @param variables further variables of the template, such as {@code enable_thinking} and {@code tools}: strings, numbers,
     *     booleans, nulls, lists and maps
     */
    public String render(
            List<Message> messages, boolean addGenerationPrompt, Map<String, ? extends @Nullable Object> variables) {
        return render(messages, addGenerationPrompt, variables, LocalDateTime.now());
    }

    String render(
            List<Message> messages,
            boolean addGenerationPrompt,
            Map<String, ? extends @Nullable Object> variables,
            LocalDateTime now) {
        if (messages.isEmpty()) {
            throw new BadInputException("the conversation has no message: expected at least one");
        }
        Map<String, @Nullable Object> all = new HashMap<>();
        all.put("tools", null);
        all.put("documents", null);
        all.putAll(specialTokens);
        all.putAll(variables);
        for (String name : Prompt.NOT_VARIABLES) {
            if (variables.containsKey(name)) {
                throw new BadInputException(name + " is not a variable of a chat template; leave it out");
            }
        }
        all.put("messages", messages.stream().map(ChatTemplate::dict).toList());
        all.put("add_generation_prompt", addGenerationPrompt);
        return template(variables).render(all, now);
    }

    /** Gives a message's reasoning under every key that a template may read, as in transformers. */
    private static Map<String, Object> dict(Message message) {
        Object reasoning = REASONING.stream()
                .map(message.fields()::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (reasoning == null) {
            return message.fields();
        }
        Map<String, Object> dict = new LinkedHashMap<>(); // a template may print it, so the order matters
        dict.put("thinking", reasoning);
        dict.putAll(message.fields());
        dict.put("reasoning_content", reasoning);
        return dict;
    }

    private static Map<String, String> named(JsonNode templates) {
        Map<String, String> byName = new TreeMap<>();
        if (templates.isTextual()) {
            byName.put(DEFAULT, templates.asText());
        }
        for (JsonNode named : templates) {
            byName.put(named.path("name").asText(), named.path("template").asText());
        }
        return byName;
    }

    /** As in transformers, special_tokens_map.json is read only if the config has no added_tokens_decoder. */
    private static Map<String, String> specialTokens(JsonNode config, Path folder) {
        Map<String, String> tokens = new HashMap<>();
        addSpecialTokens(config, tokens);
        if (!config.has("added_tokens_decoder")) {
            addSpecialTokens(json(folder.resolve("special_tokens_map.json")), tokens);
        }
        return tokens;
    }

    private static void addSpecialTokens(JsonNode from, Map<String, String> tokens) {
        for (Map.Entry<String, JsonNode> entry : from.properties()) {
            JsonNode content = entry.getValue().isObject() ? entry.getValue().path("content") : entry.getValue();
            if (entry.getKey().endsWith("_token") && content.isTextual()) {
                tokens.put(entry.getKey(), content.asText());
            }
        }
    }

    /** The file's content; an empty object if there is no such file. */
    private static JsonNode json(Path file) {
        String text = text(file);
        try {
            return text == null ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + " is not JSON: " + ParseFault.placed(e), e);
        }
    }

    private static @Nullable String text(Path file) {
        return Files.exists(file) ? InputFiles.text(file, InputFiles.SETTINGS_BYTES) : null;
    }
}
