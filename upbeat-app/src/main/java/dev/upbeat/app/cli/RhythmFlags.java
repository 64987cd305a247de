package dev.upbeat.app.cli;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.LayerRange;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to measure: the flags that analyze and bench share. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class RhythmFlags {
    enum Preset {
        RL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
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
            defaultValue = "0.3",
            description = "Share of the heads in the local and in the global group (default: 0.3).")
    private double rho;

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

    String layersText() {
        return layers != null ? layers : preset == Preset.RL ? "middle-third/5" : "all";
    }

    Horizon horizon() {
        return parseHorizon(horizon != null ? horizon : preset == Preset.RL ? "10:100" : "1:end");
    }

    @Nullable
    Preset preset() {
        return preset;
    }

    RhythmOptions options(
            ModelConfig config, int links, RhythmOptions.@Nullable MapRange map, @Nullable HeadGroups groups) {
        return new RhythmOptions(
                LayerRange.parse(layersText()).resolve(config.layers()),
                rho,
                window,
                horizon(),
                receivers == Switch.ON,
                alignment,
                links,
                map,
                groups);
    }

    /** The options as they are resolved, for config.yaml. */
    void record(Map<String, Object> config) {
        config.put("layers", layersText());
        config.put("rho", rho);
        config.put("window", window);
        config.put("horizon", horizon().toString());
        config.put("receivers", receivers == Switch.ON ? "on" : "off");
        config.put("alignment", alignment.name().toLowerCase(Locale.ROOT));
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
