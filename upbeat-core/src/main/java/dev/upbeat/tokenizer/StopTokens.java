package dev.upbeat.tokenizer;

import dev.upbeat.json.JsonFields;
import dev.upbeat.trace.StopToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the ids that end a response, each with the settings that name it. */
public final class StopTokens {
    public static final String GENERATION_FILE = "generation_config.json";

    private static final String EOS = "eos_token_id";

    private final Map<Integer, List<String>> sources = new LinkedHashMap<>();

    /** @param from file and key */
    public void add(int id, String from) {
        sources.computeIfAbsent(id, ignored -> new ArrayList<>()).add(from);
    }

    public void addGeneration(JsonFields generation) {
        generation.integers(EOS).forEach(id -> add(id, GENERATION_FILE + " " + EOS));
    }

    /** The ids in the order in which they were added. */
    public List<Integer> ids() {
        return List.copyOf(sources.keySet());
    }

    /**
     * The tokens, including the tokenizer's own end of text if the model has its id.
     *
     * @param vocabulary V of the model
     */
    public List<StopToken> tokens(@Nullable HfTokenizer tokenizer, int vocabulary) {
        StopToken eos = tokenizer == null ? null : tokenizer.eos();
        if (eos != null && eos.id() < vocabulary) {
            eos.from().forEach(from -> add(eos.id(), from));
        }
        return sources.entrySet().stream()
                .map(stop -> new StopToken(
                        stop.getKey(), tokenizer == null ? null : tokenizer.piece(stop.getKey()), stop.getValue()))
                .toList();
    }
}
