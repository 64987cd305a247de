package dev.upbeat.study.grid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.store.FileHash;
import dev.upbeat.train.config.TrainConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Identity of a training: everything that decides its numbers.
 *
 * @param inputs hash of configuration, seed, weights and data
 * @param code hash of the code
 */
record RunIdentity(String inputs, String code) {
    /**
     * Keys that older rows lack. They are left out of the hash if they have their defaults, so that the hashes of older
     * rows stay valid.
     */
    private static final List<String> LATER_KEYS = List.of(
            "credit.amplification_negative",
            "credit.tau_waad",
            "credit.tau_delta",
            "credit.intro",
            "credit.shared_intro",
            "credit.overlap",
            "credit.ties",
            "credit.eta",
            "credit.critiques",
            "credit.vote",
            "credit.outcome_reward",
            "credit.step_penalty",
            "credit.critic_warmup",
            "credit.certain_share",
            "credit.uncertain_share",
            "rhythm.heads",
            "rhythm.group_weight",
            "rhythm.weights",
            "rhythm.path_links",
            "rhythm.flow_links",
            "rhythm.step_keys",
            "learn.advantage_std",
            "eval.tasks",
            "task.puzzles");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * @param weights hash of the model's weights; their path does not matter
     * @param data hashes of the problem files and of the file of head groups
     */
    static RunIdentity of(TrainConfig config, String weights, List<String> data, String code) {
        TreeMap<String, Object> deciding = new TreeMap<>(withoutEmpty(config.resolved()));
        deciding.keySet().removeAll(List.of("out", "checkpoint", "model", "adapter"));
        for (String key : LATER_KEYS) {
            leaveOutUsual(deciding, key, config.usual());
        }
        deciding.put("weights", weights);
        deciding.put("data", data);
        try {
            return new RunIdentity(
                    FileHash.ofText("inputs", JSON.writeValueAsString(deciding)).sha256(), code);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration is plain values", e);
        }
    }

    private static void leaveOutUsual(Map<String, Object> deciding, String key, Map<String, Object> usual) {
        int dot = key.indexOf('.');
        if (deciding.get(key.substring(0, dot)) instanceof Map<?, ?> section) {
            String name = key.substring(dot + 1);
            Object value = section.get(name);
            if (value != null && value.equals(usual.get(key))) {
                section.remove(name); // of a copy
            }
        }
    }

    /** Leaves out an empty mapping, so that runs from before its key existed keep their identity. */
    private static Map<String, Object> withoutEmpty(Map<?, ?> values) {
        Map<String, Object> kept = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            Object inner = value instanceof Map<?, ?> section ? withoutEmpty(section) : value;
            if (!Map.of().equals(inner)) {
                kept.put(String.valueOf(key), inner);
            }
        });
        return kept;
    }

    /** Short form for the name of the run's directory. */
    String brief() {
        return FileHash.ofText("identity", inputs + code).sha256().substring(0, 8);
    }
}
