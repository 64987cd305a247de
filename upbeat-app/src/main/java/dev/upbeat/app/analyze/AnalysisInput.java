package dev.upbeat.app.analyze;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is analysed: exactly one of prompts, traces and text.
 *
 * @param prompts file of prompts to answer
 * @param traces file of responses that exist already
 * @param text one question
 * @param limit rows taken at most
 * @param system message put before conversations
 * @param heads heads.json with fixed groups
 */
public record AnalysisInput(
        @Nullable Path prompts,
        @Nullable Path traces,
        @Nullable String text,
        int limit,
        @Nullable String system,
        @Nullable Path heads) {}
