package dev.upbeat.study.linkage;

import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.store.Provenance;
import dev.upbeat.study.output.StudyFiles;
import dev.upbeat.study.output.StudyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The linkage study (arXiv 2510.13554 v2, Tables 2, 10-12 and 20) over measured responses. Beyond the paper: bootstrap
 * intervals over responses, permutation p-values, punctuation and line breaks left out, thirds of the response and shuffles
 * within them, both alignments.
 *
 * @param report what was found, to be read
 * @param file what was found, to be computed with
 */
public record LinkageExperiment(StudyReport report, LinkageStudyFile file) {
    /**
     * @param sources in the order shown
     * @param runs each source's run directory and where its numbers come from
     * @param machine further provenance for readers, in the order shown
     * @param done told after each source
     */
    public static LinkageExperiment of(
            List<LinkageSource> sources,
            LinkageSettings settings,
            String command,
            Map<String, Provenance> runs,
            Map<String, String> machine,
            Runnable done) {
        List<LinkageCell> cells = sources.stream()
                .map(source -> {
                    LinkageCell cell = LinkageCell.of(source, settings);
                    done.run();
                    return cell;
                })
                .toList();
        return new LinkageExperiment(
                new LinkageReport(cells, settings).report(command, machine),
                LinkageStudyFile.of(cells, settings, command, runs));
    }

    /** @param directory exists, with the run directories in it */
    public void write(Path directory) throws IOException {
        StudyFiles.write(directory, report, file);
    }
}
