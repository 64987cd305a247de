package dev.upbeat.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;

/** Compares rows of runs. */
final class RunRows {
    private RunRows() {}

    /** Arrays are equal where their floats have the same bits (all NaNs taken as one). */
    static void assertSame(List<RunRow> actual, List<RunRow> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(parts(actual.get(i))).isEqualTo(parts(expected.get(i)));
        }
    }

    private static Object[] parts(RunRow row) {
        Trace trace = row.trace();
        Observation seen = row.seen();
        Links links = seen.links();
        FlowEdges flow = links == null ? null : links.flow();
        MeanMaps map = seen.map();
        return new Object[] {
            trace.id(),
            trace.promptIds(),
            trace.responseIds(),
            trace.tokens(),
            trace.temperature(),
            trace.reward(),
            row.promptTokens(),
            new float[][] {seen.logProbs(), seen.entropyNats(), seen.waad(), seen.fai(), seen.receiverFai()},
            links == null
                    ? null
                    : new Object[] {
                        links.globalPositions(), links.globalWeights(), links.localPositions(), links.localWeights()
                    },
            flow == null
                    ? null
                    : new Object[] {flow.inPositions(), flow.inFlows(), flow.outPositions(), flow.outFlows()},
            map == null ? null : new Object[] {map.start(), map.end(), map.global(), map.local()},
            List.copyOf(seen.columns().keySet()),
            seen.columns().values().toArray()
        };
    }
}
