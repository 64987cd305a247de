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
        // Rows of older versions lack the keys that were added later, and stay valid.
        config.added().forEach((key, usual) -> leaveOut(deciding, key, usual));
        deciding.put("weights", weights);
        deciding.put("data", data);
        try {
            return new RunIdentity(
                    FileHash.ofText("inputs", JSON.writeValueAsString(deciding)).sha256(), code);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration is plain values", e);
        }
    }

    private static void leaveOut(Map<String, Object> deciding, String key, Object usual) {
        int dot = key.indexOf('.');
        if (deciding.get(key.substring(0, dot)) instanceof Map<?, ?> section) {
            section.remove(key.substring(dot + 1), usual); // of a copy
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
