package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.FixedHeads;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of analyze and bench that choose layers, rows and measurements. */
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
            names = "--receivers",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Find receiver heads and their FAI (default: on).")
    private Switch receivers = Switch.ON;

    @Option(
            names = "--alignment",
            paramLabel = "token|predictor",
            defaultValue = "token",
            description = "Attention row that a token is measured from: its own, or the one that predicts it "
                    + "(default: token).")
    private RhythmOptions.Alignment alignment = RhythmOptions.Alignment.TOKEN;

    @Mixin
    private MeasureFlags measure = new MeasureFlags();

    /**
     * Checks the options as far as that needs no model.
     *
     * @throws BadInputException if an option cannot be used with any model
     */
    void check() {
        LayerRange.parse(layersText());
        measure.check(usualHorizon());
        refuseWithoutReceivers("--receiver-rho", measure.givenReceiverRho());
        refuseWithoutReceivers("--receiver-gap", measure.givenReceiverGap());
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
        List<Integer> chosen = fixed != null && !choosesLayers()
                ? fixed.layers()
                : LayerRange.parse(layersText()).resolve(model.layers());
        RhythmSettings settings = measure.settings(model, chosen, fixed, usualHorizon());
        return new RhythmOptions(
                chosen,
                settings,
                receivers(),
                alignment,
                fixed == null ? null : fixed.with(chosen, settings, receivers()),
                extras);
    }

    /** The options as they are resolved, for config.yaml. */
    void record(Map<String, Object> config, RhythmOptions resolved) {
        boolean listed = resolved.groups() != null && !choosesLayers();
        if (preset != null) {
            config.put("preset", Spelling.of(preset));
        }
        config.put("layers", listed ? list(resolved.layers()) : layersText());
        MeasureFlags.record(config, resolved.settings(), resolved.receivers());
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

    private String usualHorizon() {
        return preset == Preset.RL ? "10:100" : "1:end";
    }

    private boolean receivers() {
        return receivers == Switch.ON;
    }
}
