package dev.upbeat.study.perturbation;

import java.util.Locale;

/** By what positions of a response are chosen. */
public enum Criterion {
    HIGH_FAI("high FAI"),
    LOW_FAI("low FAI"),
    HIGH_WAAD("high WAAD"),
    LOW_WAAD("low WAAD"),
    HIGH_ENTROPY("high entropy"),
    LOW_ENTROPY("low entropy"),
    RANDOM("random"),
    /**
     * For each high-FAI position one of at most median FAI that is nearest in entropy and position: is it FAI, or only that
     * early and uncertain tokens matter?
     */
    MATCHED("matched to high FAI");

    private final String label;

    Criterion(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** high_fai. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
