package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DoctorCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theFindingsAreATableOnStandardOutput() {
        assertThat(doctor()).isZero();
        assertThat(out.toString()).contains("libtorch").contains("java").contains("model cache");
        assertThat(out.toString().lines()).allMatch(line -> line.matches("(ok|note|missing| {9}).*"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void jsonHoldsTheSameFindings() throws Exception {
        assertThat(doctor("--json")).isZero();
        JsonNode findings = new ObjectMapper().readTree(out.toString());
        assertThat(findings.findValuesAsText("name")).contains("machine", "libtorch", "threads");
        assertThat(findings.findValuesAsText("status"))
                .containsAnyOf("OK", "NOTE")
                .doesNotContain("MISSING");
    }

    private int doctor(String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "doctor";
        System.arraycopy(options, 0, args, 1, options.length);
        CommandLine upbeat = Main.configured(new CommandLine(new Main()), new PrintWriter(out), new PrintWriter(err));
        return Main.execute(upbeat, args);
    }
}
