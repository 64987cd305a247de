package dev.upbeat.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The measured series of one response, without its text.
 *
 * @param id unique within its file
 * @param step of the training run it comes from; 0 if the row does not say
 * @param tokens T, the number of response tokens, at least 1
 * @param advantage of the response; null if the row has none
 * @param series by column name, each [T], NaN where undefined
 */
public record SeriesRow(
        String id, long step, int tokens, @Nullable Double advantage, Map<String, float[]> series) {}
