package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TraceFile;
import java.util.ArrayList;
import java.util.List;

/** The field {@code columns} of a request: the series of its answer. */
final class Columns {
    private Columns() {}

    /**
     * @param columns the field
     * @param usual the series if the field is absent
     * @throws BadInputException if the field is not a list of known series, each at most once
     */
    static List<String> of(JsonNode columns, List<String> usual) {
        if (columns.isMissingNode()) {
            return usual;
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : columns) {
            if (!name.isTextual() || !TraceFile.SERIES.contains(name.textValue()) || names.contains(name.textValue())) {
                throw wrong(name);
            }
            names.add(name.textValue());
        }
        if (!columns.isArray()) {
            throw wrong(columns);
        }
        return names;
    }

    private static BadInputException wrong(JsonNode given) {
        return new BadInputException("columns has " + JsonReading.shown(given) + "; expected an array of some of "
                + String.join(", ", TraceFile.SERIES) + ", each at most once");
    }
}
