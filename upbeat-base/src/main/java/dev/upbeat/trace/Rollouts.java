package dev.upbeat.trace;

import java.util.List;

/**
 * The responses that a policy wrote in one step: G to each prompt, B in all. Responses to one prompt are consecutive.
 *
 * @param group G, responses to a prompt
 * @param traces [B]
 * @param logProbs log-prob of each response token at sampling time, nats, [B][T]
 * @param truncated whether each response ended at the token limit instead of a stop token, [B]
 * @param seconds duration of sampling
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

    /** Number of response tokens of the batch. */
    public long tokens() {
        return traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
    }
}
