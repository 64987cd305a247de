package dev.upbeat.train.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Prompt;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Variables of the chat template for all prompts: {@code enable_thinking: false}. */
public final class TemplateVars {
    private static final String KEY = "template_vars";
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TemplateVars() {}

    static Map<String, Object> read(Section section) {
        JsonNode node = section.raw(KEY, Map.of());
        Map<String, Object> values = new LinkedHashMap<>();
        if (node != null) {
            if (!(node instanceof ObjectNode)) {
                throw section.wrong(KEY, "a mapping of names to values, such as {enable_thinking: false}");
            }
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                if (!isVariable(entry.getKey()) || entry.getValue().isNull()) {
                    throw section.wrong(
                            KEY, "names of template variables with a value each, not one of " + Prompt.NOT_VARIABLES);
                }
                values.put(entry.getKey(), JSON.convertValue(entry.getValue(), Object.class));
            }
        }
        return section.keep(KEY, values);
    }

    /**
     * Parses variables of a command line.
     *
     * @param option name of the option, for messages
     * @param words {@code NAME=VALUE}, with the value in YAML
     */
    public static Map<String, Object> of(String option, List<String> words) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = word.substring(0, Math.max(0, equals));
            if (!isVariable(name)) {
                throw new BadInputException(option + " " + word
                        + ": expected NAME=VALUE with the name of a template variable, such as enable_thinking=false;"
                        + " messages and add_generation_prompt are set already");
            }
            JsonNode value = ConfigFile.value(word.substring(equals + 1), name, option);
            if (values.put(name, JSON.convertValue(value, Object.class)) != null) {
                throw new BadInputException(option + ": " + name + " is given twice; give it once");
            }
        }
        return values;
    }

    private static boolean isVariable(String name) {
        return name.matches(NAME) && !Prompt.NOT_VARIABLES.contains(name);
    }
}
