package dev.upbeat.linkage;

import java.util.List;

/**
 * The result of {@link Linkage#study} for a set of responses.
 *
 * @param responses in the set
 * @param settings all results were computed by
 * @param linkages by kind, then scope; without those that the responses lack receivers, token texts or peaks for
 * @param overlaps by scope, then first and second series; without those of missing series
 */
public record LinkageStudy(
        int responses, LinkageSettings settings, List<LinkageResult> linkages, List<PeakOverlap> overlaps) {
    public LinkageStudy {
        linkages = List.copyOf(linkages);
        overlaps = List.copyOf(overlaps);
    }
}
