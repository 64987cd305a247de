package dev.upbeat.linkage;

import java.util.List;

/**
 * What {@link Linkage#study} found in a set of responses.
 *
 * @param responses in the set
 * @param settings all results were computed by
 * @param linkages by kind, then scope; those that cannot be had are absent: without receivers, without token texts,
 *     without a single peak in scope
 * @param overlaps by scope, then first and second series; those that cannot be had are absent likewise
 */
public record LinkageStudy(
        int responses, LinkageSettings settings, List<LinkageResult> linkages, List<PeakOverlap> overlaps) {
    public LinkageStudy {
        linkages = List.copyOf(linkages);
        overlaps = List.copyOf(overlaps);
    }
}
