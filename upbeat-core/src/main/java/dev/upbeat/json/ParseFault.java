package dev.upbeat.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Objects;
import java.util.stream.Collectors;

/** Describes a parse error of Jackson for the author of the text, without Jackson's classes, features and advice. */
public final class ParseFault {
    /** Beginnings of the part of a message that addresses Java programmers. */
    private static final String ADVICE =
            ": was expecting|: expected|: has to be|: only regular|, got this instead| \\(start marker| \\(bound as";

    /** Jackson's name of a limit that a text exceeds. */
    private static final String SETTING = ", from `[^`]*`";

    private ParseFault() {}

    /** Line and column if known, and the reason: {@code line 2, column 5: Unexpected character ('x' (code 120))}. */
    public static String placed(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? reason(e)
                : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + reason(e);
    }

    /** The reason without its position. */
    public static String reason(JsonProcessingException e) {
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch);
        }
        String said = Objects.requireNonNullElse(e.getOriginalMessage(), "");
        String lines = said.lines() // YAML: what was read and what is wrong, each followed by a drawing of the place
                .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("in \"'"))
                .collect(Collectors.joining("; "));
        String clause = lines.replaceAll(SETTING, "").split(ADVICE, 2)[0];
        return clause.isEmpty() ? "it cannot be parsed" : clause;
    }

    private static String mismatch(MismatchedInputException e) {
        String field = e.getPath().stream().map(ParseFault::step).collect(Collectors.joining("."));
        String said = Objects.requireNonNullElse(e.getOriginalMessage(), "");
        if (said.startsWith("Trailing token")) {
            return "there is more after its end";
        }
        if (field.isEmpty()) {
            return said.startsWith("No content") ? "it is empty" : "it is not of the expected form";
        }
        if (said.startsWith("Missing ")) {
            return field + " is missing";
        }
        if (e instanceof UnrecognizedPropertyException) {
            return "there is no field " + field;
        }
        return e instanceof InvalidFormatException format
                ? field + " cannot be " + format.getValue()
                : field + " is missing or not of its type";
    }

    private static String step(JsonMappingException.Reference step) {
        return step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName();
    }
}
