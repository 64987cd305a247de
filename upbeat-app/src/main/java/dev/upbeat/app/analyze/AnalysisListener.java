package dev.upbeat.app.analyze;

import dev.upbeat.eval.Evaluation;

/** Receives the progress of an analysis. */
public interface AnalysisListener extends Evaluation.Listener {
    /** Called for each sampled token except a stop token. */
    void drawn(int id);

    /** Called when all responses are generated. */
    void written();

    /** Receives a remark that a reader needs to understand the result. */
    void warn(String text);
}
