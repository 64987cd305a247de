package dev.upbeat.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One problem of an evaluation and its K answers, a line of {@code eval.jsonl} with these names in snake case. Outside
 * a training, {@link TaskRowFile} can read it as a prompt.
 *
 * @param step training step of the evaluation; absent outside a training
 * @param benchmark of a training with several benchmarks; absent otherwise
 * @param id of the problem
 * @param messages the prompt, if it was a conversation; absent in a training
 * @param chatTemplateKwargs variables of the chat template set by the row; absent if there are none
 * @param prompt the prompt, if it was raw text; absent in a training
 * @param answer reference answer that the verifier compared with
 * @param accuracy share of right answers, 0 to 1
 * @param rewards [K]
 * @param parsed the answer found in each response, null if none was, [K]
 * @param reasons for each verdict, [K]
 * @param responses without special tokens, [K]
 * @param responseTokens length of each response, [K]
 * @param stopped whether each response was ended by the model and not cut off, [K]
 */
public record EvalRow(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long step,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String benchmark,
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Map<String, Object>> messages,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> chatTemplateKwargs,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String prompt,
        String answer,
        double accuracy,
        List<Double> rewards,
        List<@Nullable String> parsed,
        List<String> reasons,
        List<String> responses,
        List<Integer> responseTokens,
        List<Boolean> stopped) {}
