package dev.upbeat.learn;

import dev.upbeat.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * A response and what the policy is to learn from it.
 *
 * @param trace prompt and response, T tokens
 * @param oldLogProbs log-prob of each response token by the policy that the ratio is taken to, nats, [T]
 * @param advantage A_i of the response
 * @param gamma credit of each response token, by which the advantage is multiplied before the clip, [T]
 * @param referenceLogProbs by the frozen reference, nats, [T]; null where no KL term is asked for
 * @param masked whether the response does not count, as a truncated one under overlong filtering
 */
public record PolicySample(
        Trace trace,
        float[] oldLogProbs,
        float advantage,
        float[] gamma,
        float @Nullable [] referenceLogProbs,
        boolean masked) {
    // Written out in full: in a compact constructor NullAway does not see that referenceLogProbs may be null.
    public PolicySample(
            Trace trace,
            float[] oldLogProbs,
            float advantage,
            float[] gamma,
            float @Nullable [] referenceLogProbs,
            boolean masked) {
        int t = trace.responseIds().length;
        if (oldLogProbs.length != t
                || gamma.length != t
                || (referenceLogProbs != null && referenceLogProbs.length != t)) {
            throw new IllegalArgumentException("trace " + trace.id() + " has " + t + " response tokens, but "
                    + oldLogProbs.length + " old log-probs, " + gamma.length + " gammas"
                    + (referenceLogProbs == null ? "" : ", " + referenceLogProbs.length + " reference log-probs"));
        }
        this.trace = trace;
        this.oldLogProbs = oldLogProbs;
        this.advantage = advantage;
        this.gamma = gamma;
        this.referenceLogProbs = referenceLogProbs;
        this.masked = masked;
    }

    public PolicySample(Trace trace, float[] oldLogProbs, float advantage, float[] gamma) {
        this(trace, oldLogProbs, advantage, gamma, null, false);
    }
}
