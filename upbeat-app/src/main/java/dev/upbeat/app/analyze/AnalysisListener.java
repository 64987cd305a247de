package dev.upbeat.app.analyze;

/** Receives the progress of an analysis. */
public interface AnalysisListener {
    /** @param total units of work of this stage, at least 1 */
    void began(String stage, long total);

    void advanced(long units);

    /** Units of the stage that are not needed, because a response ended early. */
    void spared(long units);

    /** Called for each sampled token except a stop token. */
    void drawn(int id);

    /** Called when all responses are generated. */
    void written();

    /** Receives a remark that a reader needs to understand the result. */
    void warn(String text);
}
