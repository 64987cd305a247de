package dev.upbeat.store;

import dev.upbeat.trace.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * One row of a prompts file.
 *
 * @param id unique within its file
 * @param prompt a conversation or a raw text
 * @param answer what a verifier compares with (JSON where the file has neither a text nor a number); null where unknown
 */
public record PromptRow(String id, Prompt prompt, @Nullable String answer) {}
