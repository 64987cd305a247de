package dev.upbeat.app.analyze;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is analysed: exactly one of prompts, traces and text.
 *
 * @param modelName what the user called the model: a file, a directory, a hub id
 * @param prompts file of prompts to answer
 * @param traces file of responses that exist already
 * @param text one question; raw text for a model without a chat template
 * @param limit rows taken at most
 * @param system message put before conversations
 * @param templateVars variables of the chat template for all prompts
 * @param heads heads.json with fixed groups
 * @param headSeries of how many traces, the first, every head's own series are kept
 * @param beyondContext whether traces longer than the model's context are taken
 */
public record AnalysisInput(
        String modelName,
        @Nullable Path prompts,
        @Nullable Path traces,
        @Nullable String text,
        int limit,
        @Nullable String system,
        Map<String, Object> templateVars,
        @Nullable Path heads,
        int headSeries,
        boolean beyondContext) {}
