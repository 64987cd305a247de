package dev.upbeat.store;

import dev.upbeat.trace.Prompt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One trace from a file, not tokenized yet. The prompt is exactly one of {@code promptIds} and {@code prompt}; the
 * response is exactly one of {@code responseIds} and {@code response}. None of them is empty. The caller checks that
 * ids are within the vocabulary.
 *
 * @param id unique within its file
 * @param promptIds exact token ids, [P]
 * @param responseIds exact token ids, [T]
 * @param prompt a conversation or a raw text, encoded separately from the response
 * @param response text
 * @param temperature tau the response was sampled at, positive; 1 if the file says 0 (greedy); null if it does not say
 * @param reward a verifier's verdict; null if there is none
 * @param series those of {@link TraceFile#SERIES} that the row has, by column name, each [T], NaN where undefined
 * @param place file and line or row, for messages: "traces.jsonl, line 3"
 */
public record TraceRow(
        String id,
        int @Nullable [] promptIds,
        int @Nullable [] responseIds,
        @Nullable Prompt prompt,
        @Nullable String response,
        @Nullable Double temperature,
        @Nullable Double reward,
        Map<String, float[]> series,
        String place) {}
