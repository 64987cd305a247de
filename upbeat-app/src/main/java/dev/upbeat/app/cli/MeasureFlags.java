package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.FixedHeads;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shares of the head groups, window and horizon: options of every command that measures the rhythm. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class MeasureFlags {
    @Option(
            names = "--horizon",
            paramLabel = "LO:HI",
            description = "Distances in tokens to the later tokens that FAI averages over; HI may be end "
                    + "(default: 1:end).")
    private @Nullable String horizon;

    @Option(
            names = "--rho",
            paramLabel = "SHARE",
            description = "Share of the heads in each of the local and global groups (default: 0.3).")
    private @Nullable Double rho;

    @Option(
            names = "--receiver-rho",
            paramLabel = "SHARE",
            description = "Share of the heads that are receivers (default: 0.1).")
    private @Nullable Double receiverRho;

    @Option(
            names = "--receiver-gap",
            paramLabel = "N",
            description = "Smallest distance in tokens at which attention counts when receiver heads are found "
                    + "(default: LO of the horizon).")
    private @Nullable Integer receiverGap;

    @Option(
            names = "--group-weight",
            paramLabel = "token|response",
            description =
                    "Weighting of the responses when head groups are found: token (a long response weighs more) or "
                            + "response (each response weighs the same) (default: token).")
    private @Nullable GroupWeight groupWeight;

    @Option(
            names = "--weights",
            paramLabel = "attention|value-norm",
            description = "Weights of the map that is measured: attention, or attention times the norm of the value, "
                    + "over the sum of the row (default: attention).")
    private @Nullable AttentionWeights weights;

    @Option(
            names = "--window",
            paramLabel = "W",
            defaultValue = "10",
            description = "Window of WAAD, tokens (default: 10).")
    private int window;

    /**
     * Checks the options as far as that needs no model.
     *
     * @param usualHorizon default of --horizon
     * @throws BadInputException if an option cannot be used with any model
     */
    void check(String usualHorizon) {
        horizon(usualHorizon);
        RhythmSettings.requireWindow("--window", window);
        RhythmSettings.requireRho("--rho", rho());
        RhythmSettings.requireReceiverRho("--receiver-rho", receiverRho());
        RhythmSettings.requireReceiverGap("--receiver-gap", receiverGap);
    }

    @Nullable
    Double givenReceiverRho() {
        return receiverRho;
    }

    @Nullable
    Integer givenReceiverGap() {
        return receiverGap;
    }

    /**
     * @param layers candidate layers
     * @param fixed given head groups, whose settings are kept; null to find them
     * @param usualHorizon default of --horizon
     * @throws BadInputException if the options do not fit the model, or the given head groups
     */
    RhythmSettings settings(ModelConfig model, List<Integer> layers, @Nullable FixedHeads fixed, String usualHorizon) {
        if (fixed != null) {
            fixed.requireFits(model);
            refuseChoices(fixed.groups().settings());
            return fixed.settings(window, horizon(usualHorizon));
        }
        HeadGrouping.groupSize(rho(), layers.size() * model.heads());
        return new RhythmSettings(
                rho(), receiverRho(), groupWeight(), window, horizon(usualHorizon), receiverGap, weights());
    }

    private void refuseChoices(RhythmSettings fixed) {
        refuseChoice("--rho", rho, fixed.rho());
        refuseChoice("--receiver-rho", receiverRho, fixed.receiverRho());
        refuseChoice("--receiver-gap", receiverGap, fixed.gap());
        refuseChoice(
                "--group-weight",
                groupWeight == null ? null : Spelling.of(groupWeight),
                Spelling.of(fixed.groupWeight()));
        if (weights != null && weights != fixed.weights()) {
            throw new BadInputException("--weights " + weights + ": the groups of --heads were found with weights "
                    + fixed.weights() + "; leave --weights out, or give groups that were found with the same weights");
        }
    }

    private static void refuseChoice(String option, @Nullable Object given, Object ofFile) {
        if (given != null) {
            throw new BadInputException(option + " " + given + " selects heads, but --heads gives fixed groups "
                    + "(found with "
                    + option.substring(2) + " " + ofFile + "); leave one of the two out");
        }
    }

    /** The settings as they are resolved, for config.yaml. */
    static void record(Map<String, Object> config, RhythmSettings settings, boolean receivers) {
        config.put("rho", settings.rho());
        config.put("window", settings.window());
        config.put("horizon", settings.horizon().toString());
        config.put("receivers", receivers ? "on" : "off");
        config.put("receiver_rho", settings.receiverRho());
        config.put("receiver_gap", settings.gap());
        config.put("group_weight", Spelling.of(settings.groupWeight()));
        config.put("weights", settings.weights().toString());
    }

    private Horizon horizon(String usual) {
        return parseHorizon(horizon == null ? usual : horizon);
    }

    private double rho() {
        return rho == null ? RhythmSettings.ANALYSIS.rho() : rho;
    }

    private double receiverRho() {
        return receiverRho == null ? RhythmSettings.ANALYSIS.receiverRho() : receiverRho;
    }

    private AttentionWeights weights() {
        return weights == null ? AttentionWeights.ATTENTION : weights;
    }

    private GroupWeight groupWeight() {
        return groupWeight == null ? RhythmSettings.ANALYSIS.groupWeight() : groupWeight;
    }

    private static Horizon parseHorizon(String text) {
        String[] ends = text.toLowerCase(Locale.ROOT).split(":", -1);
        try {
            if (ends.length == 2) {
                return new Horizon(
                        Integer.parseInt(ends[0]), ends[1].equals("end") ? Horizon.END : Integer.parseInt(ends[1]));
            }
        } catch (IllegalArgumentException e) {
            // reported below, like a text of another form
        }
        throw new BadInputException("--horizon " + text
                + ": expected LO:HI in tokens with 0 <= LO <= HI, or LO:end, such as 10:100 or 1:end");
    }
}
