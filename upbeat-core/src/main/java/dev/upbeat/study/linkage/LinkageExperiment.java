package dev.upbeat.study.linkage;

import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.store.Provenance;
import java.util.List;
import java.util.Map;

/**
 * The linkage study (arXiv 2510.13554 v2, Tables 2, 10-12 and 20) over measured responses. Beyond the paper: bootstrap
 * intervals over responses, permutation p-values, punctuation and line breaks left out, thirds of the response and shuffles
 * within them, both alignments.
 *
 * @param cells the statistics of each source, in the order shown
 */
public record LinkageExperiment(List<LinkageCell> cells, LinkageSettings settings) {
    public LinkageExperiment {
        cells = List.copyOf(cells);
    }

    /**
     * Computes the statistics of each source.
     *
     * @param sources in the order shown
     * @param done called after each source
     */
    public static LinkageExperiment of(List<LinkageSource> sources, LinkageSettings settings, Runnable done) {
        List<LinkageCell> cells = sources.stream()
                .map(source -> {
                    LinkageCell cell = LinkageCell.of(source, settings);
                    done.run();
                    return cell;
                })
                .toList();
        return new LinkageExperiment(cells, settings);
    }

    /**
     * The content of study.json.
     *
     * @param runs provenance of each source's run, by its directory
     */
    public LinkageStudyFile file(String command, Map<String, Provenance> runs) {
        return LinkageStudyFile.of(cells, settings, command, runs);
    }
}
