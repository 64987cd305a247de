package dev.upbeat.app.report;

import dev.upbeat.store.TrainingPlace;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One trace of a report.
 *
 * @param trace the prompt and the response; the page shows its token texts, or token ids without a tokenizer
 * @param observation over its T response positions
 * @param promptTokens text of each prompt token, [P]; null without a tokenizer
 * @param place in a training; null outside one
 * @param heads every head's own series by (layer, head), as in the run's spans; empty if they are not shown
 * @param peaks positions of the peaks of its series
 */
public record ReportRow(
        Trace trace,
        Observation observation,
        @Nullable List<String> promptTokens,
        @Nullable TrainingPlace place,
        List<HeadRhythm> heads,
        PeakPositions peaks) {
    public ReportRow {
        heads = List.copyOf(heads);
        int length = trace.responseIds().length;
        if (observation.waad().length != length) {
            throw new IllegalArgumentException("trace " + trace.id() + ": " + length + " response tokens, but "
                    + observation.waad().length + " observed");
        }
        for (HeadRhythm own : heads) {
            if (own.waad().length != length) {
                throw new IllegalArgumentException("trace " + trace.id() + ": " + length + " response tokens, but "
                        + own.waad().length + " in the series of " + own.head());
            }
        }
        if (promptTokens != null) {
            promptTokens = List.copyOf(promptTokens);
            if (promptTokens.size() != trace.promptIds().length) {
                throw new IllegalArgumentException("trace " + trace.id() + ": " + promptTokens.size()
                        + " prompt token texts for " + trace.promptIds().length + " prompt ids");
            }
        }
        for (int[] positions :
                List.of(peaks.waad(), peaks.fai(), peaks.receiverFai(), peaks.entropy(), peaks.anchors())) {
            for (int position : positions) {
                if (position < 0 || position >= length) {
                    throw new IllegalArgumentException("trace " + trace.id() + ": peak at " + position + " of " + length
                            + " response tokens; peaks count from the first response token");
                }
            }
        }
    }

    /**
     * Peaks of the series (docs/method.md, section 4), ascending indices into the response: 0 is the first response
     * token.
     *
     * @param waad the preplan points
     * @param fai peaks of FAI
     * @param receiverFai empty without receivers
     * @param entropy peaks of the entropy
     * @param anchors the anchors, which the page marks: peaks of FAI relative to similar positions
     * @param anchorStrength strength of each anchor, by which the page orders them; null to order them by FAI
     */
    public record PeakPositions(
            int[] waad, int[] fai, int[] receiverFai, int[] entropy, int[] anchors, float @Nullable [] anchorStrength) {
        /** Peaks whose anchors are the peaks of FAI. */
        public PeakPositions(int[] waad, int[] fai, int[] receiverFai, int[] entropy) {
            this(waad, fai, receiverFai, entropy, fai, null);
        }
    }
}
