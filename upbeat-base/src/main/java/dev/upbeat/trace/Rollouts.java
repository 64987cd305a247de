package dev.upbeat.trace;

import java.util.List;

/**
 * The responses that a policy wrote in one step: G to each of P prompts, B = P x G, those to one prompt side by side.
 *
 * @param group G, responses to a prompt
 * @param traces [B]
 * @param logProbs log-prob of each response token when it was sampled, nats, [B][T]
 * @param truncated whether a response ended at the token limit and not at a stop token, [B]
 * @param seconds that sampling took
 */
public record Rollouts(int group, List<Trace> traces, List<float[]> logProbs, boolean[] truncated, double seconds) {
    public Rollouts {
        traces = List.copyOf(traces);
        logProbs = List.copyOf(logProbs);
        if (logProbs.size() != traces.size() || truncated.length != traces.size()) {
            throw new IllegalArgumentException(traces.size() + " traces, " + logProbs.size()
                    + " series of log-probs and " + truncated.length + " flags; expected B of each");
        }
    }

    /** B, the number of responses. */
    public int size() {
        return traces.size();
    }

    /** Response tokens of the whole batch. */
    public long tokens() {
        return traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
    }
}
