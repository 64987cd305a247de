package dev.upbeat.checkpoint.peft;

import dev.upbeat.io.BadInputException;
import dev.upbeat.json.JsonFields;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a LoRA adapter (adapter_config.json of PEFT). A setting that would change a result and is not supported is
 * rejected by name, also one that is not known.
 *
 * @param rank r of modules that no pattern names
 * @param alpha lora_alpha of modules that no pattern names
 * @param targets modules with an adapter
 * @param excluded modules without one, although {@code targets} names them; null if there are none
 * @param layers layers with adapters; empty for all
 * @param layersPatterns regular expressions of the name before a layer's number; empty for any name
 * @param rankPatterns r by regular expression of the module, in the file's order
 * @param alphaPatterns lora_alpha, likewise
 * @param rankStabilized whether the scale is alpha / sqrt(r), not alpha / r (rsLoRA)
 * @param dora whether each module has a magnitude (DoRA, arXiv 2402.09353)
 * @param saved ends of the names of modules that the adapter holds as a whole
 * @param keepsTie whether a head that is the embedding stays so
 */
record LoraConfig(
        Path file,
        int rank,
        double alpha,
        Modules targets,
        @Nullable Modules excluded,
        Set<Integer> layers,
        List<String> layersPatterns,
        Map<String, Integer> rankPatterns,
        Map<String, Double> alphaPatterns,
        boolean rankStabilized,
        boolean dora,
        Biases biases,
        List<String> saved,
        boolean keepsTie) {
    static final String FILE = "adapter_config.json";
    static final String ALL_LINEAR = "all-linear";

    /** A regular expression of whole names, or names and ends of names that follow a dot. */
    record Modules(@Nullable String regex, Set<String> names) {}

    /** Biases of the base that the adapter replaces. */
    enum Biases {
        NONE,
        ALL,
        LORA_ONLY
    }

    private static final int MOST_PATTERNS = 10_000;

    /** Far beyond any adapter's value; products with it stay finite in f32. */
    private static final double LARGEST_ALPHA = 1e15;

    /** Settings that this class reads, and those that do not change what an adapter computes. */
    private static final Set<String> KNOWN = Set.of(
            "peft_type",
            "task_type",
            "r",
            "lora_alpha",
            "target_modules",
            "exclude_modules",
            "layers_to_transform",
            "layers_pattern",
            "rank_pattern",
            "alpha_pattern",
            "use_rslora",
            "use_dora",
            "bias",
            "modules_to_save",
            "ensure_weight_tying",
            "init_lora_weights",
            "base_model_name_or_path",
            "revision",
            "auto_mapping",
            "inference_mode",
            "peft_version",
            "lora_dropout", // of training only
            "fan_in_fan_out", // PEFT ignores it too for linear layers, and these models have no others
            "eva_config",
            "loftq_config", // counts only with init_lora_weights loftq
            "megatron_core",
            "qalora_group_size", // counts only with use_qalora
            "runtime_config");

    /** Initialisations that leave the base as it is. */
    private static final Set<String> PLAIN_INITIALISATIONS = Set.of("true", "false", "gaussian", "eva", "orthogonal");

    /** @throws BadInputException if a setting is missing, malformed or not supported */
    static LoraConfig read(Path directory) {
        JsonFields json = JsonFields.read(directory.resolve(FILE));
        Path file = json.file();
        String type = json.string("peft_type", "");
        if (!type.equals("LORA")) {
            throw refused(file, "peft_type", type.isEmpty() ? "nothing" : type, "LORA");
        }
        String task = json.string("task_type", "CAUSAL_LM");
        if (!task.equals("CAUSAL_LM")) {
            throw refused(file, "task_type", task, "CAUSAL_LM");
        }
        for (String key : json.keys()) {
            if (!KNOWN.contains(key) && !json.isBlank(key)) {
                throw refused(file, key, json.shown(key), "none: this setting is not supported");
            }
        }
        checkInitialisation(json);
        Modules targets = modules(json, "target_modules");
        if (targets == null) {
            throw refused(file, "target_modules", "nothing", "a list of modules or a regular expression");
        }
        boolean byName = targets.regex() == null;
        if (!byName && !json.isBlank("layers_to_transform")) {
            throw refused(
                    file,
                    "layers_to_transform",
                    json.shown("layers_to_transform"),
                    "none with a text for target_modules");
        }
        return new LoraConfig(
                file,
                rank(json, "r", json.integer("r")),
                alpha(json, "lora_alpha", json.number("lora_alpha")),
                targets,
                modules(json, "exclude_modules"),
                new HashSet<>(json.integers("layers_to_transform")),
                json.isText("layers_pattern") && !json.isBlank("layers_pattern")
                        ? List.of(json.string("layers_pattern", ""))
                        : texts(json, "layers_pattern"),
                ranks(json),
                alphas(json),
                json.bool("use_rslora", false),
                json.bool("use_dora", false),
                biases(json),
                texts(json, "modules_to_save"),
                json.bool("ensure_weight_tying", false));
    }

    private static void checkInitialisation(JsonFields json) {
        String given = json.isText("init_lora_weights")
                ? json.string("init_lora_weights", "")
                : String.valueOf(json.bool("init_lora_weights", true));
        if (!PLAIN_INITIALISATIONS.contains(given)) {
            throw new BadInputException(json.file() + " has init_lora_weights " + given
                    + ", which may change the base before training, expected one of true, false, gaussian, eva,"
                    + " orthogonal. Save the adapter again with peft's save_pretrained(..,"
                    + " path_initial_model_for_weight_conversion=..), or merge it into its base with peft and give the"
                    + " merged model.");
        }
    }

    private static @Nullable Modules modules(JsonFields json, String key) {
        if (json.isBlank(key)) {
            return null;
        }
        return json.isText(key)
                ? new Modules(json.string(key, ""), Set.of())
                : new Modules(null, Set.copyOf(json.strings(key)));
    }

    private static List<String> texts(JsonFields json, String key) {
        return json.isBlank(key) ? List.of() : json.strings(key);
    }

    private static Map<String, Integer> ranks(JsonFields json) {
        JsonFields patterns = patterns(json, "rank_pattern");
        Map<String, Integer> ranks = new LinkedHashMap<>();
        patterns.keys().forEach(key -> ranks.put(key, rank(json, "rank_pattern", patterns.integer(key))));
        return ranks;
    }

    private static Map<String, Double> alphas(JsonFields json) {
        JsonFields patterns = patterns(json, "alpha_pattern");
        Map<String, Double> alphas = new LinkedHashMap<>();
        patterns.keys().forEach(key -> alphas.put(key, alpha(json, "alpha_pattern", patterns.number(key))));
        return alphas;
    }

    private static double alpha(JsonFields json, String key, double alpha) {
        if (!(Math.abs(alpha) <= LARGEST_ALPHA)) {
            throw refused(json.file(), key, String.valueOf(alpha), "a number up to " + LARGEST_ALPHA);
        }
        return alpha;
    }

    private static JsonFields patterns(JsonFields json, String key) {
        JsonFields patterns = json.object(key);
        if (patterns.keys().size() > MOST_PATTERNS) {
            throw refused(json.file(), key, patterns.keys().size() + " entries", "at most " + MOST_PATTERNS);
        }
        return patterns;
    }

    private static int rank(JsonFields json, String key, int rank) {
        if (rank < 1) {
            throw refused(json.file(), key, "rank " + rank, "at least 1");
        }
        return rank;
    }

    private static Biases biases(JsonFields json) {
        String given = json.string("bias", "none");
        return switch (given) {
            case "none" -> Biases.NONE;
            case "all" -> Biases.ALL;
            case "lora_only" -> Biases.LORA_ONLY;
            default -> throw refused(json.file(), "bias", given, "none, all or lora_only");
        };
    }

    private static BadInputException refused(Path file, String key, String given, String expected) {
        return new BadInputException(file + " has " + given + " for " + key + ", expected " + expected
                + ". Merge the adapter into its base with peft (merge_and_unload) and give the merged model.");
    }
}
