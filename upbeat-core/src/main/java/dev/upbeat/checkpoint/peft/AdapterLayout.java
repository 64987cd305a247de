package dev.upbeat.checkpoint.peft;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.peft.LoraAdapter.Lora;
import dev.upbeat.checkpoint.peft.LoraConfig.Biases;
import dev.upbeat.io.BadInputException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors that an adapter of these settings has for a model, as PEFT 0.21 saves them.
 *
 * @param loras low-rank updates, each with the shape of its weight
 * @param replaced weights and biases that the adapter holds as a whole, with their shapes
 * @param optional embedding and head, if the adapter need not hold them: PEFT adds them if they have an adapter, if the vocabulary
 *     was changed or if the user asks for it
 */
record AdapterLayout(Map<Lora, long[]> loras, Map<String, long[]> replaced, Map<String, long[]> optional) {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    /** @throws BadInputException if the settings name no module of the model, or do not fit each other */
    static AdapterLayout of(LoraConfig config, ModelConfig model) {
        Map<String, long[]> weights = new LinkedHashMap<>(WeightShapes.of(model));
        weights.put(LoraAdapter.HEAD, new long[] {model.vocabulary(), model.hidden()});
        LoraTargets targets = new LoraTargets(config);
        Map<Lora, long[]> loras = new LinkedHashMap<>();
        weights.forEach((weight, shape) -> {
            boolean outer = weight.equals(LoraAdapter.EMBEDDING) || weight.equals(LoraAdapter.HEAD);
            if (shape.length == 2 && targets.targets(module(weight), !outer)) {
                String module = module(weight);
                loras.put(new Lora(module, targets.rank(module), targets.scale(module)), shape);
            }
        });
        AdapterLayout layout = new AdapterLayout(loras, new LinkedHashMap<>(), new LinkedHashMap<>());
        layout.refuseMismatch(config, model, weights);
        layout.addTiedHead(config, model, weights);
        layout.addReplaced(config, model, weights);
        return layout;
    }

    private void refuseMismatch(LoraConfig config, ModelConfig model, Map<String, long[]> weights) {
        if (loras.isEmpty()) {
            Set<String> modules = new TreeSet<>();
            weights.forEach((weight, shape) -> {
                if (shape.length == 2) {
                    modules.add(module(weight).replaceFirst(".*\\.", ""));
                }
            });
            throw new BadInputException(
                    config.file() + " names no module of the model in target_modules, expected some of "
                            + String.join(", ", modules) + ". Give the base model that the adapter was trained on.");
        }
        if (config.dora() && has(LoraAdapter.EMBEDDING)) {
            throw new BadInputException(config.file() + " has use_dora with an embedding among target_modules, expected"
                    + " linear layers. Merge the adapter into its base with peft (merge_and_unload) and give the merged"
                    + " model.");
        }
        boolean embedding = has(LoraAdapter.EMBEDDING) || isSaved(config, LoraAdapter.EMBEDDING);
        boolean head = has(LoraAdapter.HEAD) || isSaved(config, LoraAdapter.HEAD);
        if (config.keepsTie() && model.tiedEmbeddings() && head && !embedding) {
            throw new BadInputException(config.file() + " has ensure_weight_tying and names the head, but not the"
                    + " embedding that it is tied to, expected embed_tokens too. Merge the adapter into its base with peft"
                    + " (merge_and_unload) and give the merged model.");
        }
    }

    private boolean has(String weight) {
        return loras.keySet().stream().anyMatch(lora -> lora.weight().equals(weight));
    }

    /** With ensure_weight_tying PEFT gives the tied head the transposed update of the embedding, and saves both. */
    private void addTiedHead(LoraConfig config, ModelConfig model, Map<String, long[]> weights) {
        if (!config.keepsTie() || !model.tiedEmbeddings() || has(LoraAdapter.HEAD)) {
            return;
        }
        loras.keySet().stream().filter(Lora::ofEmbedding).findFirst().ifPresent(embedding -> {
            Lora head = new Lora(module(LoraAdapter.HEAD), embedding.rank(), embedding.scale());
            loras.put(head, weights.get(LoraAdapter.HEAD));
        });
    }

    private void addReplaced(LoraConfig config, ModelConfig model, Map<String, long[]> weights) {
        boolean savesTied = config.keepsTie() && model.tiedEmbeddings() && isSaved(config, LoraAdapter.EMBEDDING);
        for (String saved : config.saved()) {
            if (weights.keySet().stream().noneMatch(weight -> isIn(saved, weight))) {
                throw new BadInputException(config.file() + " has \"" + saved
                        + "\" in modules_to_save, which the model does not have, expected one of its modules, such as"
                        + " lm_head or embed_tokens. Give the base model that the adapter was trained on.");
            }
        }
        weights.forEach((weight, shape) -> {
            boolean bias = weight.endsWith(BIAS)
                    && (config.biases() == Biases.ALL
                            || (config.biases() == Biases.LORA_ONLY && has(module(weight) + WEIGHT)));
            boolean outer = weight.equals(LoraAdapter.EMBEDDING) || weight.equals(LoraAdapter.HEAD);
            if (bias || isSaved(config, weight) || (savesTied && weight.equals(LoraAdapter.HEAD))) {
                replaced.put(weight, shape);
            } else if (outer) {
                optional.put(weight, shape);
            }
        });
    }

    private static boolean isSaved(LoraConfig config, String weight) {
        return config.saved().stream().anyMatch(saved -> isIn(saved, weight));
    }

    /** Whether a weight belongs to a module whose name has this end, as PEFT compares them: without a dot before it. */
    private static boolean isIn(String end, String weight) {
        for (String module = module(weight); ; module = module.substring(0, module.lastIndexOf('.'))) {
            if (module.endsWith(end)) {
                return true;
            }
            if (module.indexOf('.') < 0) {
                return false;
            }
        }
    }

    /** Whether an embedding or head that the adapter holds is the tensor of both in a tied model, not a copy of one. */
    boolean isShared(String weight) {
        return optional.containsKey(weight);
    }

    /** Name of a replaced weight in the adapter's file, without its prefix. */
    String storedName(String weight) {
        String module = module(weight);
        return has(module + WEIGHT) ? module + ".base_layer" + weight.substring(module.length()) : weight;
    }

    private static String module(String weight) {
        return weight.substring(0, weight.lastIndexOf('.'));
    }
}
