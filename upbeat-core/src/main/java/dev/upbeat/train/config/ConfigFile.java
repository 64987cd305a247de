package dev.upbeat.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import dev.upbeat.json.ParseFault;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a YAML file and {@code key.path=value} overrides, such as those of the command line, which take precedence. */
public final class ConfigFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Limit far above any configuration, so that a wrong file does not take the parser's time and memory. */
    private static final int LARGEST_BYTES = 1 << 20;

    private ConfigFile() {}

    /**
     * @param what the file is expected to be, for messages: "a training configuration"
     * @param overrides {@code key.path=value}, which take precedence over the file
     * @param source origin of the overrides, for messages: "command line"
     * @param folder of the overrides' relative paths
     */
    public static Section read(Path file, String what, List<String> overrides, String source, Path folder)
            throws IOException {
        ObjectNode root = parse(file, what);
        root.fieldNames().forEachRemaining(name -> {
            int dot = name.indexOf('.');
            if (dot > 0) {
                throw new BadInputException(
                        file + ": there is no key \"" + name + "\": keys with dots belong on the command line; in "
                                + "the file write " + name.substring(0, dot) + ": {"
                                + name.substring(dot + 1) + ": ..}");
            }
        });
        ObjectNode inFile = root.deepCopy();
        Set<String> overridden = new LinkedHashSet<>();
        for (String word : overrides) {
            String key = word.substring(0, Math.max(0, word.indexOf('=')));
            if (!word.matches("(?s)[a-z_]+(\\.[a-z_]+)*=.*")) {
                throw new BadInputException(
                        source + ": \"" + word + "\"; expected key.path=value, such as learn.steps=100");
            }
            if (!overridden.add(key)) {
                throw new BadInputException(source + ": " + key + " is given twice; give it once");
            }
            set(root, key, value(word.substring(key.length() + 1), key, source), source);
        }
        return new Section(new Origin(file, overridden, source, folder), root, inFile);
    }

    private static ObjectNode parse(Path file, String what) throws IOException {
        if (!Files.exists(file)) {
            throw new BadInputException(file + ": no such file; expected " + what + " in YAML");
        }
        InputFiles.check(file);
        if (Files.size(file) > LARGEST_BYTES) {
            throw new BadInputException(file + ": has " + Files.size(file) + " bytes; expected " + what
                    + " in YAML, of at most " + LARGEST_BYTES);
        }
        try {
            JsonNode root = tree(Files.readString(file), file.toString());
            if (root instanceof ObjectNode mapping) {
                return mapping;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": not valid YAML, " + ParseFault.placed(e), e);
        } catch (AccessDeniedException e) {
            throw new BadInputException(file + ": not readable; give yourself read permission", e);
        } catch (CharacterCodingException e) {
            throw new BadInputException(file + ": not UTF-8; expected " + what + " in YAML", e);
        }
        throw new BadInputException(file + ": holds no keys; expected " + what + " in YAML");
    }

    /** Parses YAML and rejects aliases, because Jackson would read *name as the text "name". */
    private static JsonNode tree(String text, String where) throws IOException {
        try (YAMLParser parser = YAML.getFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw new BadInputException(
                            where + ": line " + parser.currentTokenLocation().getLineNr() + ": *" + parser.getText()
                                    + " is an alias, which Upbeat does not support; expected the value itself "
                                    + "(put a text that begins with * in quotes)");
                }
            }
        }
        return YAML.readTree(text);
    }

    /** Parses a YAML value from outside a file. */
    static JsonNode value(String text, String key, String source) throws IOException {
        try {
            JsonNode value = tree(text, source + ": " + key);
            if (value != null && !value.isMissingNode() && !value.isNull()) {
                return value;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    source + ": " + key + "=" + text + " is not valid YAML: " + ParseFault.reason(e), e);
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
                throw new BadInputException(source + ": " + path + " is inside " + names[i]
                        + ", which is not a section; expected section.key=value");
            }
            node = section;
        }
        node.set(names[names.length - 1], value);
    }
}
