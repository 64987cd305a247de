package dev.upbeat.trace;

import dev.upbeat.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the rhythm metrics: sizes of the head groups, WAAD's window and FAI's horizon (docs/method.md, sections 2
 * and 3).
 *
 * @param rho share of the candidate heads in the local and in the global group, above 0 and at most 0.5
 * @param receiverRho rho_r, share of the candidate heads that are receivers, above 0 and at most 1
 * @param groupWeight whether each token or each response counts the same in a head's span
 * @param window W of WAAD, tokens, at least 1
 * @param horizon [Hlo, Hhi] of FAI
 * @param receiverGap smallest distance at which attention counts in receiver profiles, tokens, at least 0; null for Hlo
 * @param weights the weights of the map
 */
public record RhythmSettings(
        double rho,
        double receiverRho,
        GroupWeight groupWeight,
        int window,
        Horizon horizon,
        @Nullable Integer receiverGap,
        AttentionWeights weights) {
    /** The paper's analysis: FAI to the end of the response. */
    public static final RhythmSettings ANALYSIS = new RhythmSettings(0.3, 0.1, 10, new Horizon(1, Horizon.END));

    /** The paper's training: FAI over the next 10 to 100 tokens. */
    public static final RhythmSettings TRAINING = ANALYSIS.over(new Horizon(10, 100));

    /** Largest rho: with more, the local and the global group overlap. */
    public static final double MAX_RHO = 0.5;

    public RhythmSettings {
        requireRho("rho", rho);
        requireReceiverRho("receiver_rho", receiverRho);
        requireWindow("window", window);
        requireReceiverGap("receiver_gap", receiverGap);
    }

    /** Settings with token-weighted spans and the paper's weights. */
    public RhythmSettings(double rho, double receiverRho, int window, Horizon horizon) {
        this(rho, receiverRho, GroupWeight.TOKEN, window, horizon, null, AttentionWeights.ATTENTION);
    }

    /** The smallest distance at which attention counts in receiver profiles, tokens. */
    public int gap() {
        return receiverGap == null ? horizon.lo() : receiverGap;
    }

    /** The same settings with another horizon. */
    public RhythmSettings over(Horizon other) {
        return new RhythmSettings(rho, receiverRho, groupWeight, window, other, receiverGap, weights);
    }

    /** The same settings with another weight of the responses. */
    public RhythmSettings with(GroupWeight other) {
        return new RhythmSettings(rho, receiverRho, other, window, horizon, receiverGap, weights);
    }

    /** The same settings with other weights of the map. */
    public RhythmSettings with(AttentionWeights other) {
        return new RhythmSettings(rho, receiverRho, groupWeight, window, horizon, receiverGap, other);
    }

    /**
     * @param name as the user wrote it, for the message
     * @throws BadInputException if rho is not above 0 and at most {@link #MAX_RHO}
     */
    public static void requireRho(String name, double rho) {
        if (!(rho > 0 && rho <= MAX_RHO)) {
            throw new BadInputException(
                    name + " " + rho
                            + ": expected the share of the heads in each of two groups, above 0 and at most 0.5 (default: 0.3)");
        }
    }

    /**
     * @param name as the user wrote it, for the message
     * @throws BadInputException if rho_r is not above 0 and at most 1
     */
    public static void requireReceiverRho(String name, double rho) {
        if (!(rho > 0 && rho <= 1)) {
            throw new BadInputException(name + " " + rho
                    + ": expected the share of the heads that are receivers, above 0 and at most 1 (default: 0.1)");
        }
    }

    /**
     * @param name as the user wrote it, for the message
     * @throws BadInputException if the gap is below 0
     */
    public static void requireReceiverGap(String name, @Nullable Integer gap) {
        if (gap != null && gap < 0) {
            throw new BadInputException(
                    name + " " + gap + ": expected at least 0 tokens (default: the lower end of the horizon)");
        }
    }

    /**
     * @param name as the user wrote it, for the message
     * @throws BadInputException if the window is below 1
     */
    public static void requireWindow(String name, int window) {
        if (window < 1) {
            throw new BadInputException(name + " " + window + ": expected at least 1 token (default: 10)");
        }
    }
}
