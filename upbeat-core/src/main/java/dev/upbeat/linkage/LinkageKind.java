package dev.upbeat.linkage;

import java.util.List;
import java.util.stream.Stream;

/**
 * The three linkages of docs/method.md, section 4 (Tables 2 and 10-12). Each compares the mean score at the peaks of one
 * series with its mean over shuffles of these peaks.
 */
public enum LinkageKind {
    /** Mean entropy at WAAD peaks; nats. */
    ENTROPY_AT_WAAD_PEAKS(Metric.WAAD, Metric.ENTROPY),
    /** Share of receiver-FAI peaks that are FAI peaks. */
    FAI_PEAKS_AT_RECEIVER_PEAKS(Metric.RECEIVER_FAI, Metric.GLOBAL_FAI),
    /** Share of FAI peaks that coincide with a WAAD peak or follow one by at most {@code lag} tokens. */
    FAI_PEAKS_AFTER_WAAD_PEAKS(Metric.GLOBAL_FAI, Metric.WAAD);

    private final Metric peaks;
    private final Metric target;

    LinkageKind(Metric peaks, Metric target) {
        this.peaks = peaks;
        this.target = target;
    }

    /** The series whose peaks are scored, and shuffled for chance and the p-value. */
    public Metric peaks() {
        return peaks;
    }

    /** The series from which the score at a peak is taken. */
    public Metric target() {
        return target;
    }

    /** The scopes in which a finding over all tokens must hold too. */
    List<TokenScope> controls() {
        return Stream.of(TokenScope.values())
                .filter(scope -> scope != TokenScope.ALL_TOKENS && (concernsFai() || !scope.dropsTail()))
                .toList();
    }

    /** Whether one of the two series is FAI, so that the last tokens of a response are left out as a control. */
    private boolean concernsFai() {
        return peaks == Metric.GLOBAL_FAI || target == Metric.GLOBAL_FAI;
    }
}
