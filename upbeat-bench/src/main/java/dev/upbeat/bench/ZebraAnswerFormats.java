package dev.upbeat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a solution in the answer formats that models use. Tables are [1 + N][1 + M], with a header row and the house
 * number in the first column.
 */
final class ZebraAnswerFormats {
    private static final JsonMapper JSON = new JsonMapper();

    private ZebraAnswerFormats() {}

    /** The responses by the name of their format. */
    static Map<String, String> of(List<List<String>> table) {
        ObjectNode grid = grid(table);
        String thoughts = "<think>If {x} were | y, House 1 might be \"wrong\": {\"House 1\": {\"Name\": ___\n"
                + "| Clue | Holds |\n|---|---|\n| 1 | yes |\n\nSo it can't.</think>\n";
        Map<String, String> formats = new LinkedHashMap<>();
        formats.put("json", grid.toString());
        formats.put("fenced json after thoughts", thoughts + "```json\n" + grid.toPrettyString() + "\n```\nDone!");
        formats.put(
                "reasoning and solution",
                JSON.createObjectNode()
                        .put("reasoning", thoughts)
                        .set("solution", grid)
                        .toString());
        formats.put("header and rows", headerAndRows(table).toPrettyString());
        formats.put("list of houses", list(table).toString());
        formats.put("python dict", grid.toString().replace('"', '\''));
        formats.put("markdown table", thoughts + markdown(table));
        formats.put("markdown table upper case", markdown(table).toUpperCase(Locale.ROOT));
        formats.put("markdown table transposed", markdown(transposed(table)));
        return formats;
    }

    private static ObjectNode grid(List<List<String>> table) {
        ObjectNode grid = JSON.createObjectNode();
        for (List<String> row : table.subList(1, table.size())) {
            ObjectNode house = grid.putObject("House " + row.get(0));
            for (int column = 1; column < row.size(); column++) {
                house.put(table.get(0).get(column), row.get(column));
            }
        }
        return grid;
    }

    private static ObjectNode headerAndRows(List<List<String>> table) {
        ObjectNode json = JSON.createObjectNode();
        json.set("header", JSON.valueToTree(table.get(0)));
        json.set("rows", JSON.valueToTree(table.subList(1, table.size())));
        return json;
    }

    private static ArrayNode list(List<List<String>> table) {
        ArrayNode list = JSON.createArrayNode();
        for (List<String> row : table.subList(1, table.size())) {
            ObjectNode house = list.addObject();
            for (int column = 0; column < row.size(); column++) {
                house.put(table.get(0).get(column), row.get(column));
            }
        }
        return list;
    }

    private static String markdown(List<List<String>> table) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < table.size(); row++) {
            text.append("| **").append(String.join("** | ", table.get(row))).append(" |\n");
            text.append(row == 0 ? "|:--".repeat(table.get(0).size()) + "|\n" : "");
        }
        return text.toString();
    }

    private static List<List<String>> transposed(List<List<String>> table) {
        List<List<String>> transposed = new ArrayList<>();
        for (int column = 0; column < table.get(0).size(); column++) {
            List<String> line = new ArrayList<>();
            for (List<String> row : table) {
                line.add(row.get(column));
            }
            transposed.add(line);
        }
        return transposed;
    }
}
