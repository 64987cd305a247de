package dev.upbeat.linkage;

import java.util.List;
import java.util.stream.Stream;

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

    /** Results of one kind over all scopes, all tokens first; empty if there is none. */
    public List<LinkageResult> of(LinkageKind kind) {
        return linkages.stream().filter(result -> result.kind() == kind).toList();
    }

    /** Each linkage in up to three lines: its headline, its numbers over all tokens, and its controls. */
    public List<String> texts() {
        return Stream.of(LinkageKind.values())
                .map(this::of)
                .filter(results -> !results.isEmpty())
                .map(results -> LinkageHeadline.of(results, settings) + "\n  "
                        + LinkageText.sentence(results.get(0), settings)
                        + LinkageText.controls(results, settings)
                                .map(controls -> "\n  " + controls)
                                .orElse(""))
                .toList();
    }
}
