package dev.upbeat.app.report;

import java.util.List;

/**
 * One linkage of METHOD section 4 (Tables 2, 10-12), with its variants.
 *
 * @param kind which of the three
 * @param variants the statistic over all tokens first, then with some left out
 */
public record LinkageFinding(Kind kind, List<Variant> variants) {
    public LinkageFinding {
        variants = List.copyOf(variants);
    }

    /** The three linkages, in the paper's order. */
    public enum Kind {
        /** Mean entropy (nats) at WAAD peaks, against the mean over all response tokens. */
        ENTROPY_AT_WAAD_PEAKS,
        /** Share of receiver-FAI peaks that are FAI peaks, against the share of FAI peaks among all tokens. */
        RECEIVER_PEAKS_ARE_FAI_PEAKS,
        /** Share of FAI peaks at a WAAD peak or just after it, against shuffled positions. */
        FAI_PEAKS_FOLLOW_WAAD_PEAKS
    }

    /**
     * One way of counting. NaN where a number is undefined; the page then says so.
     *
     * @param label what was counted: "all tokens", "without punctuation", "without the last 10"
     * @param observed nats for the entropy, a share in [0, 1] for the others
     * @param chance the same, as it would be by chance
     * @param lift (observed - chance) / chance
     * @param liftLow lower end of the lift's 95% bootstrap interval over responses; NaN where there is none
     * @param liftHigh upper end
     * @param p one-sided permutation p-value
     * @param peaks how many peaks the statistic rests on
     * @param tokens among how many tokens
     */
    public record Variant(
            String label,
            double observed,
            double chance,
            double lift,
            double liftLow,
            double liftHigh,
            double p,
            long peaks,
            long tokens) {}
}
