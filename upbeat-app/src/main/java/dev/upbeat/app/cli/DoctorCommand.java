package dev.upbeat.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.app.doctor.Doctor;
import dev.upbeat.app.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat doctor}: hardware, libraries and caches that Upbeat uses on this machine, and missing ones. */
@Command(
        name = "doctor",
        description = {
            "Shows what Upbeat uses on this machine, and what is missing.",
            "Exits with 0 if models can run here, else with 1."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  upbeat doctor", "  upbeat doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--json", description = "One JSON array instead of text.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        List<Finding> findings = Doctor.examine(System.getenv(), common.threads());
        if (json) {
            common.out()
                    .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(findings));
        } else {
            print(findings);
        }
        boolean able = findings.stream().noneMatch(f -> f.status() == Finding.Status.MISSING);
        return able ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void print(List<Finding> findings) {
        PrintWriter out = common.out();
        int width = findings.stream().mapToInt(f -> f.name().length()).max().orElse(0);
        for (Finding finding : findings) {
            String indent = " ".repeat("missing  ".length() + width + 2);
            out.printf(
                    "%-9s%-" + width + "s  %s%n",
                    finding.status().name().toLowerCase(Locale.ROOT),
                    finding.name(),
                    finding.value().replace("\n", System.lineSeparator() + indent));
            if (finding.advice() != null) {
                out.println(indent + "-> " + finding.advice());
            }
        }
    }
}
