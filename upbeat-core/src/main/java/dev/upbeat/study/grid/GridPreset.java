package dev.upbeat.study.grid;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The paper's ablations as grids over any training configuration. Each also has plain GRPO ({@code uniform}) and {@code
 * random} credit. The paper's tables lack them or take them from another table, but only they separate a gain from noise.
 */
public enum GridPreset {
    /** Table 9: coupled-rhythm credit from five layers of each range. */
    LAYERS("layer ranges for coupled-rhythm credit (Table 9)") {
        @Override
        void add(Methods methods) {
            for (String range : List.of("all", "bottom-third", "middle-third", "top-third")) {
                methods.add(range, "coupled-rhythm", "rhythm.layers", range + "/5");
            }
        }
    },
    /** Tables 7 (b) and 19: W of WAAD under local-chunk credit. */
    WINDOW("WAAD windows for local-chunk credit (Tables 7 b and 19)") {
        @Override
        void add(Methods methods) {
            for (int window : new int[] {5, 8, 10, 12, 20}) {
                methods.add("window=" + window, "local-chunk", "rhythm.window", Integer.toString(window));
            }
        }
    },
    /** Tables 7 (b) and 19: Hlo and Hhi of FAI under global-anchor credit. */
    HORIZON("FAI horizons for global-anchor credit (Tables 7 b and 19)") {
        @Override
        void add(Methods methods) {
            for (String low : List.of("0", "5", "10", "15", "20")) {
                methods.add("horizon=" + low + "-100", "global-anchor", "rhythm.horizon", "[" + low + ", 100]");
            }
            for (String high : List.of("50", "150", "200", "end")) {
                methods.add("horizon=10-" + high, "global-anchor", "rhythm.horizon", "[10, " + high + "]");
            }
        }
    },
    /** Tables 5 and 16: the top and the bottom 40 %, and other shares of coupled-rhythm credit. */
    SHARE("the top and the bottom 40 % of tokens, and other shares for coupled-rhythm credit (Tables 5 and 16)") {
        @Override
        void add(Methods methods) {
            for (String strategy : List.of("global-anchor", "local-chunk", "coupled-rhythm")) {
                methods.add(strategy + "-bottom", strategy, "credit.from", "bottom");
            }
            for (String strategy : List.of("global-anchor", "local-chunk", "coupled-rhythm")) {
                methods.add(strategy, strategy, "credit.from", "top");
            }
            for (String share : List.of("0.2", "0.6", "0.8", "1.0")) {
                methods.add("share=" + share, "coupled-rhythm", "credit.share", share);
            }
        }
    },
    /** Table 7 (a): the sign of the advantages that coupled-rhythm credit applies to. */
    SIGN("signs of the advantages that coupled-rhythm credit weights (Table 7 a)") {
        @Override
        void add(Methods methods) {
            for (String sign : List.of("positive", "negative", "both")) {
                methods.add(sign, "coupled-rhythm", "credit.sign", sign);
            }
        }
    },
    /** Table 14: means over all heads against those over the local and the global ones. */
    HEADS("all heads and targeted heads as the source of credit (Table 14)") {
        @Override
        void add(Methods methods) {
            for (String strategy : List.of("global-anchor", "local-chunk", "coupled-rhythm")) {
                for (String heads : List.of("all", "targeted")) {
                    methods.add(strategy + "-" + heads, strategy, "credit.heads", heads);
                }
            }
        }
    };

    private final String description;

    GridPreset(String description) {
        this.description = description;
    }

    abstract void add(Methods methods);

    /** Description in one line, for the help text. */
    public String description() {
        return description;
    }

    /** Collects the methods of a preset. */
    static final class Methods {
        private final Map<String, Settings> byName = new LinkedHashMap<>();

        void add(String name, String strategy, String key, String value) {
            byName.put(name, new Settings(Map.of("credit.strategy", strategy, key, value)));
        }
    }

    /**
     * The grid of a training configuration: three seeds unless {@link GridConfig#with} says otherwise.
     *
     * @param overrides {@code key.path=value}: training keys that all runs get
     * @throws BadInputException if the configuration is invalid
     */
    public GridConfig of(Path base, List<String> overrides) throws IOException {
        Methods methods = new Methods();
        methods.byName.put("uniform", new Settings(Map.of("credit.strategy", "uniform")));
        methods.byName.put("random", new Settings(Map.of("credit.strategy", "random")));
        add(methods);
        Path out = Path.of("runs", String.valueOf(base.getFileName()).replaceFirst("\\.ya?ml$", "") + "-" + this);
        return GridConfig.of(base, overrides, methods.byName, toString(), out);
    }

    /** Name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
