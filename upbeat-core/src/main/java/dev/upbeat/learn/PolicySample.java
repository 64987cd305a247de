package dev.upbeat.learn;

import dev.upbeat.trace.Trace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A response with the token advantages that update the policy.
 *
 * @param trace prompt and response, T tokens
 * @param oldLogProbs log-prob of each response token under the old policy, the denominator of the ratio, nats, [T]
 * @param advantage A_i of the response
 * @param tokenAdvantages advantage of each response token: {@code gamma_t A_i} (Eq. 13), or one of the strategy's own,
 *     [T]
 * @param referenceLogProbs log-prob of each response token under the frozen reference, nats, [T]; null without a KL
 *     term
 * @param masked whether the response is left out of the loss, as with overlong filtering
 * @param entropyTokens whether each response token counts in the entropy term, [T]; null if all do
 * @param importance factor of each response token's clipped term, for responses that other weights than the policy's drew,
 *     [T]; null for 1
 */
public record PolicySample(
        Trace trace,
        float[] oldLogProbs,
        float advantage,
        double[] tokenAdvantages,
        float @Nullable [] referenceLogProbs,
        boolean masked,
        boolean @Nullable [] entropyTokens,
        double @Nullable [] importance) {
    // Not a compact constructor, in which NullAway does not see that some components may be null.
    public PolicySample(
            Trace trace,
            float[] oldLogProbs,
            float advantage,
            double[] tokenAdvantages,
            float @Nullable [] referenceLogProbs,
            boolean masked,
            boolean @Nullable [] entropyTokens,
            double @Nullable [] importance) {
        int t = trace.responseIds().length;
        if (oldLogProbs.length != t
                || tokenAdvantages.length != t
                || (referenceLogProbs != null && referenceLogProbs.length != t)
                || (entropyTokens != null && entropyTokens.length != t)
                || (importance != null && importance.length != t)) {
            throw new IllegalArgumentException("trace " + trace.id() + " has " + t + " response tokens, but "
                    + oldLogProbs.length + " old log-probs, " + tokenAdvantages.length + " token advantages"
                    + (referenceLogProbs == null ? "" : ", " + referenceLogProbs.length + " reference log-probs")
                    + (entropyTokens == null ? "" : ", " + entropyTokens.length + " marks of the entropy term")
                    + (importance == null ? "" : ", " + importance.length + " importance weights"));
        }
        this.trace = trace;
        this.oldLogProbs = oldLogProbs;
        this.advantage = advantage;
        this.tokenAdvantages = tokenAdvantages;
        this.referenceLogProbs = referenceLogProbs;
        this.masked = masked;
        this.entropyTokens = entropyTokens;
        this.importance = importance;
    }

    /** A response that the policy drew, of which all tokens count in the entropy term. */
    public PolicySample(
            Trace trace,
            float[] oldLogProbs,
            float advantage,
            double[] tokenAdvantages,
            float @Nullable [] referenceLogProbs,
            boolean masked) {
        this(trace, oldLogProbs, advantage, tokenAdvantages, referenceLogProbs, masked, null, null);
    }

    /** Whether a token counts in the entropy term. */
    boolean hasEntropyTerm(int token) {
        return entropyTokens == null || entropyTokens[token];
    }

    /** Factor of a token's clipped term. */
    double importance(int token) {
        return importance == null ? 1 : importance[token];
    }

    /**
     * The advantage whose sign decides the side of the clip: that of the token, or of the response if the token's is 0.
     */
    double signed(int token) {
        return tokenAdvantages[token] != 0 ? tokenAdvantages[token] : advantage;
    }

    /** Whether the response or one of its tokens has an advantage. */
    boolean hasAdvantage() {
        return advantage != 0 || Arrays.stream(tokenAdvantages).anyMatch(token -> token != 0);
    }
}
