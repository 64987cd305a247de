package dev.upbeat.task.zebra;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.task.zebra.AnswerReader.Found;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds grids as JSON, in the usual forms: {@code {"House 1": {"Name": ..}}}, {@code [{"House": 1, "Name": ..}]} and
 * {@code {"header": ["House", "Name"], "rows": [["1", ..]]}}, each also inside another object, in code fences and between
 * words. Single quotes and commas before a closing bracket are accepted.
 */
final class JsonGrids {
    /** Most beginnings that are read, from the end of a response, which bounds the time. */
    private static final int MOST_BEGINNINGS = 64;

    private static final int DEEPEST = 16;

    private static final Pattern BEGINNING = Pattern.compile(
            "\\{\\s*+[\"'](?:(?:house[\\s_#-]*+)?[0-9]{1,2}|header|rows)[\"']|\\[\\s*+\\{\\s*+[\"']",
            Pattern.CASE_INSENSITIVE);

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // hostile names would fill its table
                    .build())
            .build();

    private JsonGrids() {}

    /** Grids of a text, in the order of their beginnings; in time linear in the text. */
    static List<Found> find(String text) {
        Deque<Integer> beginnings = new ArrayDeque<>();
        for (Matcher matcher = BEGINNING.matcher(text); matcher.find(); ) {
            beginnings.addLast(matcher.start());
            if (beginnings.size() > MOST_BEGINNINGS) {
                beginnings.removeFirst();
            }
        }
        char[] chars = text.toCharArray();
        List<Found> found = new ArrayList<>();
        for (int beginning : beginnings) {
            Cells cells = cells(first(chars, beginning));
            if (cells != null) {
                found.add(new Found(beginning, cells));
            }
        }
        return found;
    }

    /** Reads a text that is one JSON value; null if it is not a grid. The grid may be under "solution". */
    static @Nullable Cells whole(String json) {
        try {
            JsonNode node = JSON.readTree(json);
            return cells(node.has("solution") ? node.get("solution") : node);
        } catch (IOException e) {
            return null; // not JSON
        }
    }

    /** The JSON value that begins here; null if there is no complete one. */
    private static @Nullable JsonNode first(char[] chars, int beginning) {
        try (JsonParser parser = JSON.createParser(chars, beginning, chars.length - beginning)) {
            return JSON.readTree(parser);
        } catch (IOException e) {
            return null; // a response may hold anything
        }
    }

    private static @Nullable Cells cells(@Nullable JsonNode node) {
        if (node == null || !node.isContainerNode()) {
            return null;
        }
        Cells cells = node.has("header") && node.has("rows") ? ofRows(node) : ofHouses(node);
        return cells.isEmpty() ? null : cells;
    }

    private static Cells ofRows(JsonNode node) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(texts(node.get("header")));
        node.get("rows").forEach(row -> rows.add(texts(row)));
        return Cells.ofTable(rows);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(value -> texts.add(text(value)));
        return texts;
    }

    private static Cells ofHouses(JsonNode node) {
        Cells cells = new Cells();
        if (node.isArray()) {
            node.forEach(row -> putHouse(cells, houseOf(row), row));
        } else {
            node.properties().forEach(house -> putHouse(cells, ComparableText.house(house.getKey()), house.getValue()));
        }
        return cells;
    }

    private static int houseOf(JsonNode row) {
        return row.properties().stream()
                .filter(field -> ComparableText.of(field.getKey()).equals("house"))
                .mapToInt(field -> ComparableText.house(text(field.getValue())))
                .findFirst()
                .orElse(0);
    }

    private static void putHouse(Cells cells, int house, JsonNode row) {
        row.properties().forEach(cell -> cells.put(house, cell.getKey(), text(cell.getValue())));
    }

    /** Text of a single value; empty for any other JSON. */
    private static String text(JsonNode value) {
        return value.isTextual() || value.isIntegralNumber() ? value.asText() : "";
    }
}
