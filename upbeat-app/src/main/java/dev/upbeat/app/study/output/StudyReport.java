package dev.upbeat.app.study.output;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code study.md} and {@code report.html} show of a study.
 *
 * @param title one line
 * @param command the command line that gives these results again
 * @param findings what the study shows, and what it does not, a sentence or two each, in plain words
 * @param sections in the order shown
 * @param provenance where the numbers come from (hashes, seed, commit, machine), in the order shown
 */
public record StudyReport(
        String title, String command, List<String> findings, List<Section> sections, Map<String, String> provenance) {
    public StudyReport {
        findings = List.copyOf(findings);
        sections = List.copyOf(sections);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }

    /** A part with a heading of its own. */
    public record Section(String title, List<Block> blocks) {
        public Section {
            blocks = List.copyOf(blocks);
        }
    }
}
