package dev.upbeat.checkpoint.peft;

import dev.upbeat.checkpoint.peft.LoraConfig.Modules;
import java.util.Locale;
import java.util.Map;

/**
 * Decides which modules of a model have an adapter, with which rank and scale, as PEFT 0.21 does ({@code
 * check_target_module_exists}, {@code get_pattern_key}). A module is a linear layer or an embedding, by its name in the model:
 * {@code model.layers.0.self_attn.q_proj}.
 */
final class LoraTargets {
    private static final String LAYER = "(?<index>\\d+)\\.";

    private final LoraConfig config;
    private final PythonPatterns patterns;

    LoraTargets(LoraConfig config) {
        this.config = config;
        this.patterns = new PythonPatterns(config.file().toString());
    }

    /** @param inner whether the module is a linear layer inside the model, neither the embedding nor the head */
    boolean targets(String module, boolean inner) {
        Modules excluded = config.excluded();
        if ((excluded != null && names(excluded, module)) || isInSavedModule(module)) {
            return false;
        }
        String regex = config.targets().regex();
        if (regex != null && regex.toLowerCase(Locale.ROOT).equals(LoraConfig.ALL_LINEAR)) {
            return inner;
        }
        if (regex != null || config.targets().names().contains(module)) {
            return names(config.targets(), module); // a full name counts in every layer
        }
        return names(config.targets(), module) && isInLayers(module);
    }

    private boolean names(Modules modules, String module) {
        String regex = modules.regex();
        if (regex != null) {
            return patterns.matches(regex, module);
        }
        for (String end = module; ; end = end.substring(end.indexOf('.') + 1)) {
            if (modules.names().contains(end)) {
                return true;
            }
            if (end.indexOf('.') < 0) {
                return false;
            }
        }
    }

    private boolean isInSavedModule(String module) {
        return config.saved().stream().anyMatch(saved -> patterns.matches("(^|.*\\.)" + saved + "($|\\..*)", module));
    }

    private boolean isInLayers(String module) {
        if (config.layers().isEmpty()) {
            return true;
        }
        if (config.layersPatterns().isEmpty()) {
            return config.layers().contains(patterns.number(".*?\\.[^.]*\\." + LAYER, module));
        }
        for (String pattern : config.layersPatterns()) {
            int layer = patterns.number("(?:^|.*?\\.)" + pattern + "\\." + LAYER, module);
            if (layer >= 0) {
                return config.layers().contains(layer);
            }
        }
        return false;
    }

    int rank(String module) {
        return first(config.rankPatterns(), module, config.rank());
    }

    /** Factor of B A: alpha / r, or alpha / sqrt(r) with rsLoRA. */
    double scale(String module) {
        double alpha = first(config.alphaPatterns(), module, config.alpha());
        int rank = rank(module);
        return config.rankStabilized() ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    private <T> T first(Map<String, T> byPattern, String module, T fallback) {
        for (Map.Entry<String, T> entry : byPattern.entrySet()) {
            if (patterns.matches("(.*\\.)?(" + entry.getKey() + ")", module)) {
                return entry.getValue();
            }
        }
        return fallback;
    }
}
