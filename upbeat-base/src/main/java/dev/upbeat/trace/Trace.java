package dev.upbeat.trace;

import dev.upbeat.io.BadInputException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One prompt and one response, as exact token ids.
 *
 * @param id unique within its file
 * @param promptIds token ids of the prompt, [P], P >= 1
 * @param responseIds token ids of the response, [T], T >= 1; including the stop token if one was generated
 * @param tokens text of each response token, [T]; joined they are the response's text; null without a tokenizer
 * @param temperature tau, the temperature at which log-probs and entropies are computed: the sampling temperature of a
 *     rollout, 1 for greedy
 * @param reward reward of a verifier; null if there is none
 */
public record Trace(
        String id,
        int[] promptIds,
        int[] responseIds,
        @Nullable List<String> tokens,
        double temperature,
        @Nullable Double reward) {
    public Trace {
        if (promptIds.length == 0) {
            throw new BadInputException(
                    "trace " + id + ": the prompt is empty; a trace needs at least one prompt token");
        }
        if (responseIds.length == 0) {
            throw new BadInputException(
                    "trace " + id + ": the response is empty; a trace needs at least one response token");
        }
        if (!(temperature > 0) || Double.isInfinite(temperature)) {
            throw new BadInputException("trace " + id + ": temperature " + temperature + " is not a positive number");
        }
        if (tokens != null) {
            tokens = List.copyOf(tokens);
            if (tokens.size() != responseIds.length) {
                throw new IllegalArgumentException("trace " + id + ": " + tokens.size() + " token texts for "
                        + responseIds.length + " response ids");
            }
        }
    }

    /** N = P + T. */
    public int length() {
        return promptIds.length + responseIds.length;
    }

    /** All N token ids, prompt first. */
    public int[] ids() {
        int[] all = new int[length()];
        System.arraycopy(promptIds, 0, all, 0, promptIds.length);
        System.arraycopy(responseIds, 0, all, promptIds.length, responseIds.length);
        return all;
    }
}
