package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/** Checks values against the schemas of an OpenAPI document: the keywords that the service's document uses. */
@NullMarked
record SchemaCheck(JsonNode document) {
    /** The value fits the schema of an answer. */
    void answer(String path, String method, String status, JsonNode value) {
        JsonNode schema = document.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(status)
                .path("content")
                .path("application/json")
                .path("schema");
        assertThat(schema.isMissingNode())
                .as(method + " " + path + " " + status)
                .isFalse();
        List<String> faults = new ArrayList<>();
        check(schema, value, path, faults);
        assertThat(faults).isEmpty();
    }

    private void check(JsonNode given, JsonNode value, String where, List<String> faults) {
        JsonNode schema =
                given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
        if (schema.has("type") && !hasType(schema.get("type"), value)) {
            faults.add(where + " is " + value.getNodeType() + ", expected " + schema.get("type"));
            return;
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            faults.add(where + " is " + value);
        }
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                faults.add(where + " has no " + name.asText());
            }
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            JsonNode own = schema.path("properties").path(field.getKey());
            JsonNode other = schema.path("additionalProperties");
            if (!own.isMissingNode()) {
                check(own, field.getValue(), where + "." + field.getKey(), faults);
            } else if (other.isObject()) {
                check(other, field.getValue(), where + "." + field.getKey(), faults);
            } else if (other.isBoolean()) {
                faults.add(where + " has the undocumented " + field.getKey());
            }
        }
        if (value.isArray() && schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.get("items"), value.get(i), where + "[" + i + "]", faults);
            }
        }
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode each : values) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (JsonNode each : type) {
                if (hasType(each, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
    }
}
