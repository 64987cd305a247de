package dev.upbeat.store;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** What a run directory's files are called, and how the small ones are written and read. */
final class RunFiles {
    static final String CONFIG = "config.yaml";
    static final String PROVENANCE = "provenance.json";
    static final String HEADS = "heads.json";
    static final String HEAD_SERIES = "head_series.parquet";
    static final String TRACES = "traces.parquet";
    static final String STEPS = "traces";
    static final String METRICS = "metrics.jsonl";
    static final String EVAL = "eval.jsonl";

    /** Snake case; a name that is missing is an error, one that is new is not. */
    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Texts are quoted, so that no YAML reader takes 10:30 or off for a number or a boolean. */
    static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .build())
            .build();

    private RunFiles() {}

    /** Whether a run may have written an entry of this name. */
    static boolean ofARun(String name) {
        return switch (name) {
            case CONFIG, PROVENANCE, HEADS, HEAD_SERIES, TRACES, STEPS, METRICS, EVAL, "report.html" -> true;
            default -> name.matches("checkpoint-\\d+");
        };
    }
}
