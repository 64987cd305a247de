package dev.upbeat.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** SQL expressions that estimate the bytes of a value as JSON without building the JSON. */
final class JsonLength {
    private static final Set<String> SHORT = Set.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT",
            "HUGEINT",
            "FLOAT",
            "DOUBLE",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "UUID");
    private static final int SHORT_BYTES = 12;
    private static final int DEEPEST = 32;

    private JsonLength() {}

    /** @param type as DuckDB describes it: {@code STRUCT("content" VARCHAR, "role" VARCHAR)[]} */
    static String of(String value, String type) {
        return of(value, type.strip(), 0);
    }

    private static String of(String value, String type, int depth) {
        String name = type.toUpperCase(Locale.ROOT);
        if (isShort(name)) {
            return String.valueOf(SHORT_BYTES);
        }
        if (depth > DEEPEST) {
            return text(value);
        }
        if (type.endsWith("]")) {
            String element = type.substring(0, type.lastIndexOf('[')).strip();
            String length = "coalesce(len(" + value + "), 0)";
            String variable = "e" + depth;
            return isShort(element.toUpperCase(Locale.ROOT))
                    ? length + " * " + SHORT_BYTES
                    : length + " * 4 + coalesce(list_sum(list_transform(" + value + ", lambda " + variable + ": "
                            + of(variable, element, depth + 1) + ")), 0)";
        }
        if (name.startsWith("STRUCT(")) {
            StringBuilder sum = new StringBuilder("2");
            for (String field : parts(type.substring("STRUCT(".length(), type.length() - 1))) {
                int end = field.startsWith("\"") ? closing(field) : field.indexOf(' ');
                String key = field.startsWith("\"")
                        ? field.substring(1, end).replace("\"\"", "\"")
                        : field.substring(0, end);
                String member = "struct_extract(" + value + ", " + Duck.literal(key) + ")";
                sum.append(" + ")
                        .append(key.length() + 4)
                        .append(" + ")
                        .append(of(member, field.substring(end + 1).strip(), depth + 1));
            }
            return sum.toString();
        }
        if (name.startsWith("MAP(")) {
            List<String> types = parts(type.substring("MAP(".length(), type.length() - 1));
            return of("map_keys(" + value + ")", types.get(0) + "[]", depth + 1) + " + "
                    + of("map_values(" + value + ")", types.get(1) + "[]", depth + 1);
        }
        return text(value);
    }

    private static boolean isShort(String name) {
        return SHORT.contains(name) || name.startsWith("DECIMAL(") || name.startsWith("TIMESTAMP");
    }

    private static String text(String value) {
        return "coalesce(strlen(" + value + "::VARCHAR), 0) + 4";
    }

    /** Index of the quote that ends a quoted name. */
    private static int closing(String field) {
        int end = 1;
        while (field.charAt(end) != '"' || (end + 1 < field.length() && field.charAt(end + 1) == '"')) {
            end += field.charAt(end) == '"' ? 2 : 1;
        }
        return end;
    }

    /** Splits at commas outside brackets and quotes. */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            quoted ^= c == '"';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0 && !quoted) {
                parts.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(list.substring(start).strip());
        return parts;
    }
}
