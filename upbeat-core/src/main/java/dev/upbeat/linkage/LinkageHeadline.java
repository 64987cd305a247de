package dev.upbeat.linkage;

import dev.upbeat.linkage.PeakTestResult.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Headline of a linkage. A finding is stated in words only if it holds over all tokens and in every control: without
 * punctuation and line breaks, and for linkages of FAI without the last tokens and without both. Otherwise the headline gives
 * the numbers that differ.
 */
public final class LinkageHeadline {
    private LinkageHeadline() {}

    /**
     * @param results of one kind: all tokens first, then the controls that could be computed
     * @param settings settings of the results
     */
    public static String of(List<LinkageResult> results, LinkageSettings settings) {
        LinkageResult all = results.get(0);
        LinkageKind kind = all.kind();
        Direction direction = all.test().direction();
        if (direction == Direction.UNTESTED) {
            return name(kind) + ": too little data.";
        }
        List<String> differences = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (TokenScope scope : kind.controls()) {
            String without = "without " + LinkageText.omitted(scope, settings);
            results.stream()
                    .filter(result -> result.scope() == scope)
                    .findFirst()
                    .ifPresentOrElse(
                            control -> difference(control.test(), direction, without, differences),
                            () -> missing.add(without));
        }
        if (!differences.isEmpty()) {
            return name(kind) + ": " + overAllTokens(all.test()) + ", but " + String.join(", ", differences) + ".";
        }
        if (direction == Direction.UNCLEAR) {
            return name(kind) + ": no clear difference from chance.";
        }
        return missing.isEmpty()
                ? direction == Direction.ABOVE ? above(kind) : below(kind)
                : name(kind) + ": " + overAllTokens(all.test()) + "; not computed " + String.join(", ", missing) + ".";
    }

    private static void difference(
            PeakTestResult control, Direction direction, String without, List<String> differences) {
        Direction other = control.direction();
        if (other == direction || (other == Direction.UNTESTED && direction == Direction.UNCLEAR)) {
            return;
        }
        differences.add(
                switch (other) {
                    case ABOVE, BELOW -> lift(control) + " " + without;
                    case UNCLEAR -> "no clear difference " + without + " (" + lift(control) + ")";
                    case UNTESTED -> "too little data " + without;
                });
    }

    private static String overAllTokens(PeakTestResult test) {
        return test.direction() == Direction.UNCLEAR
                ? "no clear difference over all tokens (" + lift(test) + ")"
                : lift(test) + " over all tokens";
    }

    private static String lift(PeakTestResult test) {
        return LinkageText.signedPercent(Objects.requireNonNull(test.lift()));
    }

    private static String name(LinkageKind kind) {
        return switch (kind) {
            case ENTROPY_AT_WAAD_PEAKS -> "Entropy at preplan points";
            case FAI_PEAKS_AT_RECEIVER_PEAKS -> "Receiver-FAI peaks that are FAI peaks";
            case FAI_PEAKS_AFTER_WAAD_PEAKS -> "FAI peaks at or after preplan points";
        };
    }

    private static String above(LinkageKind kind) {
        return switch (kind) {
            case ENTROPY_AT_WAAD_PEAKS -> "The model is less certain where it plans.";
            case FAI_PEAKS_AT_RECEIVER_PEAKS -> "The heads with the narrowest attention look at the FAI peaks.";
            case FAI_PEAKS_AFTER_WAAD_PEAKS -> "FAI peaks come right after planning.";
        };
    }

    private static String below(LinkageKind kind) {
        return switch (kind) {
            case ENTROPY_AT_WAAD_PEAKS -> "The model is more certain where it plans.";
            case FAI_PEAKS_AT_RECEIVER_PEAKS -> "The heads with the narrowest attention look away from the FAI peaks.";
            case FAI_PEAKS_AFTER_WAAD_PEAKS -> "FAI peaks avoid the places right after planning.";
        };
    }
}
