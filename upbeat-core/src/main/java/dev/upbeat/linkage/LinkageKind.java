package dev.upbeat.linkage;

/**
 * The three linkages of docs/method.md, section 4 (Tables 2 and 10-12). Each compares the mean score at the peaks of one
 * series with chance.
 */
public enum LinkageKind {
    /** Mean entropy at WAAD peaks against the mean over all tokens; nats. */
    ENTROPY_AT_WAAD_PEAKS(Metric.WAAD, Metric.ENTROPY, false),
    /** Share of receiver-FAI peaks that are FAI peaks against the share of FAI peaks among all tokens. */
    FAI_PEAKS_AT_RECEIVER_PEAKS(Metric.RECEIVER_FAI, Metric.GLOBAL_FAI, false),
    /**
     * Share of FAI peaks that coincide with a WAAD peak or follow one by at most {@code lag} tokens, against the mean of
     * that share over shuffles of the FAI peaks.
     */
    FAI_PEAKS_AFTER_WAAD_PEAKS(Metric.GLOBAL_FAI, Metric.WAAD, true);

    private final Metric peaks;
    private final Metric target;
    private final boolean chanceByShuffling;

    LinkageKind(Metric peaks, Metric target, boolean chanceByShuffling) {
        this.peaks = peaks;
        this.target = target;
        this.chanceByShuffling = chanceByShuffling;
    }

    /** The series whose peaks are scored, and shuffled for the p-value. */
    public Metric peaks() {
        return peaks;
    }

    /** The series from which the score at a peak is taken. */
    public Metric target() {
        return target;
    }

    /** Whether chance is the mean under shuffles instead of the mean over all tokens. */
    boolean chanceByShuffling() {
        return chanceByShuffling;
    }

    boolean concernsFai() {
        return peaks == Metric.GLOBAL_FAI || target == Metric.GLOBAL_FAI;
    }
}
