package dev.upbeat.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParseFaultTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private enum Kind {
        ONE
    }

    private record Inner(Kind kind, int number) {}

    private record Outer(Inner inner) {}

    private static JsonProcessingException thrown(ObjectMapper mapper, String text) {
        return catchThrowableOfType(JsonProcessingException.class, () -> mapper.readValue(text, Outer.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inner": {"kind": "TWO", "number": 1}}           | inner.kind cannot be TWO
            {"inner": {"kind": "ONE"}}                        | inner.number is missing
            {"inner": {"kind": null, "number": 1}}            | inner.kind is missing or not of its type
            {"inner": {"kind": "ONE", "number": [2]}}         | inner.number is missing or not of its type
            {"inner": {"kind": "ONE", "number": 1, "x": 2}}   | there is no field inner.x
            {"inner": {"kind": "ONE", "number": 1}} {}        | there is more after its end
            7                                                 | it is not of the expected form
            ``                                                | it is empty
            {"inner": x}                                      | Unrecognized token 'x'
            """)
    void theReasonSpeaksOfTheTextAndNotOfClasses(String text, String reason) {
        assertThat(ParseFault.reason(thrown(JSON, text))).isEqualTo(reason);
    }

    @Test
    void tooDeepNestingIsReportedWithoutItsSetting() {
        assertThat(ParseFault.reason(
                        catchThrowableOfType(JsonProcessingException.class, () -> JSON.readTree("[".repeat(2_000)))))
                .startsWith("Document nesting depth (")
                .doesNotContain("StreamReadConstraints", "`")
                .endsWith(")");
    }

    @Test
    void yamlFaultsNameContextAndProblem() {
        assertThat(ParseFault.placed(thrown(new YAMLMapper(), "inner:\n  kind: \"ONE\n")))
                .startsWith("line 2, column 7: ")
                .contains("quoted scalar", "unexpected end of stream");
    }
}
