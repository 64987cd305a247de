package dev.upbeat.app.study.output;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Content of a study's {@code study.md} and {@code report.html}.
 *
 * @param title one line
 * @param command the command line that reproduces the results
 * @param findings results and their limits, one or two sentences each; numbers behind a result follow on lines of their
 *     own
 * @param sections in the order shown
 * @param provenance origin of the numbers (hashes, seed, commit, machine), in the order shown
 */
public record StudyReport(
        String title, String command, List<String> findings, List<Section> sections, Map<String, String> provenance) {
    public StudyReport {
        findings = List.copyOf(findings);
        sections = List.copyOf(sections);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }

    /** The lines of a finding: the result, then the numbers behind it. */
    static List<String> lines(String finding) {
        return finding.lines().map(String::strip).toList();
    }

    /** A part with a heading. */
    public record Section(String title, List<Block> blocks) {
        public Section {
            blocks = List.copyOf(blocks);
        }
    }
}
