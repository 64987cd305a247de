package dev.upbeat.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A YAML file and {@code key.path=value} words, of the command line say, that win over it. */
public final class ConfigFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConfigFile() {}

    /**
     * @param what the file is expected to be, for messages: "a training configuration"
     * @param overrides words that win over the file
     * @param source where the words stand, for messages: "command line"
     */
    public static Section read(Path file, String what, List<String> overrides, String source) throws IOException {
        ObjectNode root = parse(file, what);
        Set<String> overridden = new LinkedHashSet<>();
        for (String word : overrides) {
            String key = word.replaceFirst("=.*", "");
            if (!word.matches("(?s)[a-z_]+(\\.[a-z_]+)*=.*")) {
                throw new BadInputException(
                        source + ": \"" + word + "\"; expected key.path=value, such as learn.steps=100");
            }
            if (!overridden.add(key)) {
                throw new BadInputException(source + ": " + key + " is given twice; give it once");
            }
            set(root, key, value(word.substring(key.length() + 1), key, source), source);
        }
        return new Section(new Origin(file, overridden, source), root);
    }

    private static ObjectNode parse(Path file, String what) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new BadInputException(file + ": no such file; expected " + what + " in YAML");
        }
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root instanceof ObjectNode mapping) {
                return mapping;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": not valid YAML, " + place(e), e);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": not UTF-8; expected " + what + " in YAML", e);
        }
        throw new BadInputException(file + ": holds no keys; expected " + what + " in YAML");
    }

    private static String place(JsonProcessingException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("it cannot be parsed");
        return e.getLocation() == null ? reason : "line " + e.getLocation().getLineNr() + ": " + reason;
    }

    private static JsonNode value(String text, String key, String source) throws IOException {
        try {
            JsonNode value = YAML.readTree(text);
            if (value != null && !value.isMissingNode() && !value.isNull()) {
                return value;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(source + ": " + key + "=" + text + " is not valid YAML, " + place(e), e);
        }
        throw new BadInputException(source + ": " + key + "= has no value; expected " + key + "=value");
    }

    private static void set(ObjectNode root, String path, JsonNode value, String source) {
        ObjectNode node = root;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            JsonNode child = node.get(names[i]);
            if (child == null || child.isNull()) {
                child = node.putObject(names[i]);
            }
            if (!(child instanceof ObjectNode section)) {
                throw new BadInputException(source + ": " + path + " goes into " + names[i]
                        + ", which is no section; expected section.key=value");
            }
            node = section;
        }
        node.set(names[names.length - 1], value);
    }
}
