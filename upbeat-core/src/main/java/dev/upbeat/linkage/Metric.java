package dev.upbeat.linkage;

/** The token series whose peaks are compared. */
public enum Metric {
    RECEIVER_FAI("receiver FAI"),
    GLOBAL_FAI("FAI"),
    WAAD("WAAD"),
    ENTROPY("entropy");

    private final String label;

    Metric(String label) {
        this.label = label;
    }

    /** The name in a sentence. */
    public String label() {
        return label;
    }
}
