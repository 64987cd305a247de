package dev.upbeat.app.analyze;

import dev.upbeat.store.RowChoice;
import dev.upbeat.task.PromptStyle;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Input of an analysis: exactly one of prompts, traces and text.
 *
 * @param modelName name that the user gave: a file, a directory or a hub id
 * @param prompts file of prompts to answer
 * @param traces file of existing responses
 * @param text one question; raw text for a model without a chat template
 * @param rows choice of the file's rows
 * @param system message put before conversations
 * @param prompt style that words questions; null for rows' own prompts and bare questions
 * @param usual style of the task, for questions without another style; null without a task
 * @param templateVars variables of the chat template for all prompts
 * @param heads heads.json with fixed groups
 * @param headSeries number of traces, from the first, that keep the series of every head
 * @param beyondContext whether traces longer than the model's context are accepted
 */
public record AnalysisInput(
        String modelName,
        @Nullable Path prompts,
        @Nullable Path traces,
        @Nullable String text,
        RowChoice rows,
        @Nullable String system,
        @Nullable String prompt,
        @Nullable PromptStyle usual,
        Map<String, Object> templateVars,
        @Nullable Path heads,
        int headSeries,
        boolean beyondContext) {}
