package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Nearest;
import dev.upbeat.json.ParseFault;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;

/** Reads JSON of clients, within limits: depth, lengths of names, numbers and texts, and the size of what becomes a tree. */
final class JsonReading {
    /** Deepest nesting; a request needs 5. */
    private static final int DEEPEST = 32;

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NUMBER = 100;

    /** Largest value that becomes a tree, bytes: a tree takes many times its text, and heads.json of 100 layers has 50 kB. */
    private static final int LARGEST_TREE = 4_000_000;

    /** Longest text from a request that a message quotes. */
    private static final int LONGEST_QUOTE = 80;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNameLength(LONGEST_NAME)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(LARGEST_TREE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private JsonReading() {}

    /** Writes and reads the JSON of the service. */
    static JsonMapper mapper() {
        return JSON;
    }

    /** A part of a request, read token by token. */
    @FunctionalInterface
    interface Part {
        void read(JsonParser parser) throws IOException;
    }

    /**
     * Reads a body that is one JSON object; the parser stands at its start.
     *
     * @throws BadInputException if the body is not one JSON object, with the place of the fault
     */
    static void object(byte[] body, Part part) {
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadInputException("the body is not a JSON object; expected {\"traces\": [..], ..}");
            }
            part.read(parser);
            if (parser.nextToken() != null) {
                throw new BadInputException("the body has more after its JSON object; expected one object");
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException("the body is not valid JSON: " + quoted(ParseFault.placed(e), 400), e);
        } catch (CharConversionException e) {
            throw new BadInputException("the body is not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a small body as a tree.
     *
     * @param fields the known fields
     */
    static ObjectNode tree(byte[] body, List<String> fields) {
        ObjectNode root = JSON.createObjectNode();
        object(body, parser -> {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                requireKnown("the request", name, fields);
                parser.nextToken();
                root.set(name, subtree(parser, body, name));
            }
        });
        return root;
    }

    /** The value at which the parser stands, as a tree; the parser then stands at its end. */
    static JsonNode subtree(JsonParser parser, byte[] body, String name) throws IOException {
        if (!parser.currentToken().isStructStart()) {
            return parser.readValueAsTree();
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int length = (int) parser.currentLocation().getByteOffset() - start;
        if (length > LARGEST_TREE) {
            throw new BadInputException(name + " has " + length + " bytes; expected at most " + LARGEST_TREE
                    + " for everything but traces");
        }
        return JSON.readTree(body, start, length);
    }

    /** @throws BadInputException naming the nearest known field, if there is no such field */
    static void requireKnown(String where, String name, Collection<String> known) {
        if (!known.contains(name)) {
            throw new BadInputException(where + " has an unknown field '" + quoted(name, LONGEST_QUOTE) + "'"
                    + Nearest.to(name, known)
                            .map(near -> ", did you mean " + near + "?")
                            .orElse("")
                    + "; expected some of " + String.join(", ", known));
        }
    }

    /** A value of a request in a message, shortened. */
    static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> quoted(value.toString(), LONGEST_QUOTE);
        };
    }

    static String quoted(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "..";
    }
}
