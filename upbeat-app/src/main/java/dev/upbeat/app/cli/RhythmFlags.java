package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of analyze and bench that choose the measurements. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class RhythmFlags {
    enum Preset {
        RL
    }

    enum Switch {
        ON,
        OFF
    }

    @Option(
            names = "--preset",
            paramLabel = "rl",
            description = "rl: --layers middle-third/5 --horizon 10:100; explicit options take precedence.")
    private @Nullable Preset preset;

    @Option(
            names = "--layers",
            paramLabel = "RANGE[/K]|LIST",
            description =
                    "Candidate layers: all, bottom-third, middle-third or top-third, each with an optional /K for "
                            + "K evenly spaced layers of it, or a list such as 3,5,7 (default: all).")
    private @Nullable String layers;

    @Option(
            names = "--horizon",
            paramLabel = "LO:HI",
            description = "Distances in tokens to the later tokens that FAI averages over; HI may be end "
                    + "(default: 1:end).")
    private @Nullable String horizon;

    @Option(
            names = "--receivers",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Find receiver heads and their FAI (default: on).")
    private Switch receivers = Switch.ON;

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
            names = "--window",
            paramLabel = "W",
            defaultValue = "10",
            description = "Window of WAAD, tokens (default: 10).")
    private int window;

    @Option(
            names = "--alignment",
            paramLabel = "token|predictor",
            defaultValue = "token",
            description = "Attention row that a token is measured from: its own, or the one that predicts it "
                    + "(default: token).")
    private RhythmOptions.Alignment alignment = RhythmOptions.Alignment.TOKEN;

    /**
     * Checks the options as far as that needs no model.
     *
     * @throws BadInputException if an option cannot be used with any model
     */
    void check() {
        LayerRange.parse(layersText());
        horizon();
        RhythmSettings.requireWindow("--window", window);
        RhythmSettings.requireRho("--rho", rho());
        RhythmSettings.requireReceiverRho("--receiver-rho", receiverRho());
        RhythmSettings.requireReceiverGap("--receiver-gap", receiverGap);
        refuseWithoutReceivers("--receiver-rho", receiverRho);
        refuseWithoutReceivers("--receiver-gap", receiverGap);
    }

    private void refuseWithoutReceivers(String option, @Nullable Object given) {
        if (given != null && !receivers()) {
            throw new BadInputException(option + " " + given
                    + " selects receiver heads, but --receivers off turns them off; leave one of the two out");
        }
    }

    /**
     * @param fixed given head groups; null to find them
     * @throws BadInputException if the options do not fit the model, or each other
     */
    RhythmOptions options(ModelConfig model, RhythmOptions.Extras extras, @Nullable FixedHeads fixed) {
        if (fixed != null) {
            fixed.requireFits(model);
            refuseChoices(fixed);
        }
        List<Integer> chosen = fixed != null && !choosesLayers()
                ? fixed.layers()
                : LayerRange.parse(layersText()).resolve(model.layers());
        if (fixed == null) {
            HeadGrouping.groupSize(rho(), chosen.size() * model.heads());
        }
        RhythmSettings settings = new RhythmSettings(
                fixed == null ? rho() : fixed.settings().rho(),
                fixed == null ? receiverRho() : fixed.settings().receiverRho(),
                fixed == null ? groupWeight() : fixed.settings().groupWeight(),
                window,
                horizon(),
                fixed == null ? receiverGap : fixed.settings().receiverGap());
        return new RhythmOptions(
                chosen,
                settings,
                receivers(),
                alignment,
                fixed == null ? null : fixed.with(chosen, settings, receivers()),
                extras);
    }

    private void refuseChoices(FixedHeads fixed) {
        refuseChoice("--rho", rho, fixed.settings().rho());
        refuseChoice("--receiver-rho", receiverRho, fixed.settings().receiverRho());
        refuseChoice("--receiver-gap", receiverGap, fixed.settings().gap());
        refuseChoice(
                "--group-weight",
                groupWeight == null ? null : Spelling.of(groupWeight),
                Spelling.of(fixed.settings().groupWeight()));
    }

    private static void refuseChoice(String option, @Nullable Object given, Object ofFile) {
        if (given != null) {
            throw new BadInputException(option + " " + given + " selects heads, but --heads gives fixed groups "
                    + "(found with "
                    + option.substring(2) + " " + ofFile + "); leave one of the two out");
        }
    }

    /** The options as they are resolved, for config.yaml. */
    void record(Map<String, Object> config, RhythmOptions resolved) {
        boolean listed = resolved.groups() != null && !choosesLayers();
        if (preset != null) {
            config.put("preset", Spelling.of(preset));
        }
        config.put("layers", listed ? list(resolved.layers()) : layersText());
        RhythmSettings settings = resolved.settings();
        config.put("rho", settings.rho());
        config.put("window", settings.window());
        config.put("horizon", settings.horizon().toString());
        config.put("receivers", resolved.receivers() ? "on" : "off");
        config.put("receiver_rho", settings.receiverRho());
        config.put("receiver_gap", settings.gap());
        config.put("group_weight", Spelling.of(settings.groupWeight()));
        config.put("alignment", Spelling.of(resolved.alignment()));
    }

    private static String list(List<Integer> layers) {
        return layers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private boolean choosesLayers() {
        return layers != null || preset != null;
    }

    private String layersText() {
        return layers != null ? layers : preset == Preset.RL ? "middle-third/5" : "all";
    }

    private Horizon horizon() {
        return parseHorizon(horizon != null ? horizon : preset == Preset.RL ? "10:100" : "1:end");
    }

    private double rho() {
        return rho == null ? RhythmSettings.ANALYSIS.rho() : rho;
    }

    private double receiverRho() {
        return receiverRho == null ? RhythmSettings.ANALYSIS.receiverRho() : receiverRho;
    }

    private GroupWeight groupWeight() {
        return groupWeight == null ? RhythmSettings.ANALYSIS.groupWeight() : groupWeight;
    }

    private boolean receivers() {
        return receivers == Switch.ON;
    }

    private static Horizon parseHorizon(String text) {
        String[] ends = text.toLowerCase(Locale.ROOT).split(":", -1);
        try {
            if (ends.length == 2) {
                return new Horizon(
                        Integer.parseInt(ends[0]), ends[1].equals("end") ? Horizon.END : Integer.parseInt(ends[1]));
            }
        } catch (IllegalArgumentException e) {
            // falls through to the one message
        }
        throw new BadInputException("--horizon " + text
                + ": expected LO:HI in tokens with 0 <= LO <= HI, or LO:end, such as 10:100 or 1:end");
    }
}
