package dev.upbeat.rhythm;

import dev.upbeat.trace.FlowEdges;

/**
 * The edge flows of the answer flow, of which each response token keeps the m strongest that enter it and the m
 * strongest that leave it. An edge from i to k carries throughput(i) W'[k,i].
 */
final class EdgeFlows {
    private final int promptTokens;
    private final StrongestLinks in;
    private final StrongestLinks out;

    EdgeFlows(int promptTokens, int responseTokens, int count) {
        this.promptTokens = promptTokens;
        in = new StrongestLinks(responseTokens, count);
        out = new StrongestLinks(responseTokens, count);
    }

    void offer(int from, int to, double flow) {
        if (to >= promptTokens) {
            in.offer(to - promptTokens, from, flow);
        }
        if (from >= promptTokens) {
            out.offer(from - promptTokens, to, flow);
        }
    }

    FlowEdges strongest() {
        return new FlowEdges(in.positions(), in.floats(), out.positions(), out.floats());
    }
}
