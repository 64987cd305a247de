package dev.upbeat.study.perturbation;

import java.util.Locale;

/** Criteria by which positions of a response are chosen. */
public enum Criterion {
    HIGH_FAI("high FAI"),
    LOW_FAI("low FAI"),
    HIGH_WAAD("high WAAD"),
    LOW_WAAD("low WAAD"),
    HIGH_ENTROPY("high entropy"),
    LOW_ENTROPY("low entropy"),
    RANDOM("random"),
    /**
     * Control for each high-FAI position: the position of at most median FAI that is nearest to it in entropy and
     * position. It separates the effect of FAI from that of early and uncertain tokens.
     */
    MATCHED("matched to high FAI");

    private final String label;

    Criterion(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** Name in JSON, such as {@code high_fai}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
