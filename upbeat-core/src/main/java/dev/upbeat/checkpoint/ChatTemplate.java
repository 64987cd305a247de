package dev.upbeat.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.jinja.JinjaTemplate;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.io.ParseFault;
import dev.upbeat.trace.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What turns a conversation into a model's prompt: renders what transformers' {@code apply_chat_template(tokenize=False)}
 * does. The prompt has its special tokens already: encode it without adding further ones.
 */
public final class ChatTemplate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SET_BY_RENDER = List.of("messages", "add_generation_prompt");

    private final JinjaTemplate template;
    private final Map<String, String> specialTokens;

    private ChatTemplate(JinjaTemplate template, Map<String, String> specialTokens) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * @param specialTokens by the name that the template knows them by: bos_token, eos_token and so on
     * @throws BadInputException naming what the template has that is malformed or not supported
     */
    public static ChatTemplate parse(String source, Map<String, String> specialTokens) {
        return new ChatTemplate(JinjaTemplate.parse(source), specialTokens);
    }

    /**
     * The template of a Hugging Face folder: chat_template.jinja, else {@code chat_template} in tokenizer_config.json (of
     * several there the one named default). Empty where the folder has neither, as a base model's.
     */
    public static Optional<ChatTemplate> fromFolder(Path folder) {
        JsonNode config = json(folder.resolve("tokenizer_config.json"));
        String file = text(folder.resolve("chat_template.jinja"));
        String source = file == null ? source(config.path("chat_template"), folder) : file;
        return source == null ? Optional.empty() : Optional.of(parse(source, specialTokens(config, folder)));
    }

    /** The template in a GGUF's metadata; empty where it has none. */
    static Optional<ChatTemplate> fromGguf(GgufMetadata metadata) {
        return metadata.contains(GgufMetadata.CHAT_TEMPLATE)
                ? Optional.of(parse(metadata.string(GgufMetadata.CHAT_TEMPLATE), GgufTokenizer.specialTokens(metadata)))
                : Optional.empty();
    }

    /**
     * @param addGenerationPrompt whether the prompt goes on to where the model's answer begins
     * @throws BadInputException if there is no message, or the template refuses the conversation
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, Map.of());
    }

    /**
     * @param variables further variables of the template, {@code enable_thinking} or {@code tools} say: strings, numbers,
     *     booleans, nulls, lists and maps of such
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
        for (String name : SET_BY_RENDER) {
            if (variables.containsKey(name)) {
                throw new BadInputException("the variable " + name + " is given to the chat template twice");
            }
        }
        all.put("messages", messages.stream().map(ChatTemplate::dict).toList());
        all.put("add_generation_prompt", addGenerationPrompt);
        return template.render(all, now);
    }

    private static Map<String, String> dict(Message message) {
        Map<String, String> dict = new LinkedHashMap<>(); // in this order where a template prints it
        dict.put("role", message.role());
        dict.put("content", message.content());
        return dict;
    }

    private static @Nullable String source(JsonNode template, Path folder) {
        if (template.isMissingNode() || template.isNull()) {
            return null;
        }
        if (template.isTextual()) {
            return template.asText();
        }
        Map<String, String> byName = new TreeMap<>();
        for (JsonNode named : template) {
            byName.put(named.path("name").asText(), named.path("template").asText());
        }
        String source = byName.get("default");
        if (source == null) {
            throw new BadInputException("the chat templates of " + folder + " are named " + byName.keySet()
                    + ": expected one named default");
        }
        return source;
    }

    /** As transformers: special_tokens_map.json counts only beside a config without added_tokens_decoder. */
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

    /** The file's content, an empty object where there is no such file. */
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
