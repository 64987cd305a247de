package dev.upbeat.linkage;

import java.util.List;

/**
 * The result of {@link Linkage#study} for a set of responses.
 *
 * @param responses number of responses
 * @param settings settings of all results
 * @param linkages results by kind, then scope; a linkage is absent if the responses lack its receivers, token texts or
 *     peaks
 * @param overlaps overlaps by scope, then first and second series; pairs with a missing series are absent
 */
public record LinkageStudy(
        int responses, LinkageSettings settings, List<LinkageResult> linkages, List<PeakOverlap> overlaps) {
    public LinkageStudy {
        linkages = List.copyOf(linkages);
        overlaps = List.copyOf(overlaps);
    }
}
