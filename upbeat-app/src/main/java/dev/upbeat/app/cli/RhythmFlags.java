package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to measure: the flags that analyze and bench share. */
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
            description = "rl: --layers middle-third/5 --horizon 10:100; explicit flags win.")
    private @Nullable Preset preset;

    @Option(
            names = "--layers",
            paramLabel = "RANGE[/K]|LIST",
            description =
                    "Candidate layers: all, bottom-third, middle-third or top-third, /K for K evenly spaced ones of it,"
                            + " or a list such as 3,5,7 (default: all).")
    private @Nullable String layers;

    @Option(
            names = "--horizon",
            paramLabel = "LO:HI",
            description = "Distances in tokens at which later tokens count for FAI; HI may be end (default: 1:end).")
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
            description = "Share of the heads in the local and in the global group (default: 0.3).")
    private @Nullable Double rho;

    @Option(
            names = "--receiver-rho",
            paramLabel = "SHARE",
            description = "Share of the heads that are receivers (default: 0.1).")
    private @Nullable Double receiverRho;

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
            description = "Whose row speaks for a token: its own, or the one that predicts it (default: token).")
    private RhythmOptions.Alignment alignment = RhythmOptions.Alignment.TOKEN;

    /**
     * What can be told without the model, to be asked before it is loaded.
     *
     * @throws BadInputException where an option cannot be used with any model
     */
    void check() {
        LayerRange.parse(layersText());
        horizon();
        if (window < 1) {
            throw new BadInputException("--window " + window + ": expected at least 1 token (default: 10)");
        }
        if (rho != null && !(rho > 0 && rho <= 0.5)) {
            throw new BadInputException(
                    "--rho " + rho
                            + ": expected the share of the heads in each of two groups, above 0 and at most 0.5 (default: 0.3)");
        }
        if (receiverRho != null && !(receiverRho > 0 && receiverRho <= 1)) {
            throw new BadInputException("--receiver-rho " + receiverRho
                    + ": expected the share of the heads that are receivers, above 0 and at most 1 (default: 0.1)");
        }
        if (receiverRho != null && !receivers()) {
            throw new BadInputException("--receiver-rho " + receiverRho
                    + " chooses receiver heads, but --receivers off asks for none; leave one of the two out");
        }
    }

    /**
     * @param links strongest earlier tokens to keep for each response token
     * @param map window of positions whose mean maps are kept
     * @param fixed given head groups, null to find them
     * @throws BadInputException where the options do not fit the model, or each other
     */
    RhythmOptions options(
            ModelConfig model, int links, RhythmOptions.@Nullable MapRange map, @Nullable FixedHeads fixed) {
        if (fixed != null) {
            fixed.requireFits(model);
            refuseShares(fixed);
        }
        List<Integer> chosen = fixed != null && !choosesLayers()
                ? fixed.layers()
                : LayerRange.parse(layersText()).resolve(model.layers());
        if (fixed == null) {
            HeadGrouping.groupSize(rho(), chosen.size() * model.heads());
        }
        return new RhythmOptions(
                chosen,
                fixed == null ? rho() : fixed.rho(),
                window,
                horizon(),
                receivers(),
                fixed == null ? receiverRho() : fixed.receiverRho(),
                alignment,
                links,
                map,
                fixed == null ? null : fixed.with(chosen, window, horizon(), receivers()),
                Set.of());
    }

    private void refuseShares(FixedHeads fixed) {
        refuseShare("--rho", rho, fixed.rho());
        refuseShare("--receiver-rho", receiverRho, fixed.receiverRho());
    }

    private static void refuseShare(String option, @Nullable Double given, double ofFile) {
        if (given != null) {
            throw new BadInputException(option + " " + given + " would choose heads, but --heads gives them (with "
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
        config.put("rho", resolved.rho());
        config.put("window", resolved.window());
        config.put("horizon", resolved.horizon().toString());
        config.put("receivers", resolved.receivers() ? "on" : "off");
        config.put("receiver_rho", resolved.receiverRho());
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
        return rho == null ? HeadGrouping.DEFAULT_RHO : rho;
    }

    private double receiverRho() {
        return receiverRho == null ? HeadGroups.DEFAULT_RECEIVER_RHO : receiverRho;
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
