package dev.upbeat.app.analyze;

/** Receives the progress of an analysis. */
public interface AnalysisListener {
    /** @param total units of work of this stage, at least 1 */
    void began(String stage, long total);

    void advanced(long units);

    /** Units of the stage that need not be done: a response ended before its most tokens. */
    void spared(long units);

    /** A token of a response was drawn that does not end it. */
    void drawn(int id);

    /** The responses are written. */
    void written();

    /** Receives a remark that a reader needs to understand the result. */
    void warn(String text);
}
