package dev.upbeat.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
    private static final List<Trace> TRACES = TinyPolicies.traces(5, 4, 9);

    @Test
    void everyTraceIsInOneMicroBatchWithinTheBudget() {
        for (int budget : new int[] {1, 40, 75, 200, 10_000}) {
            List<MicroBatch> batches = MicroBatch.cut(TRACES, budget);
            assertThat(batches.stream().flatMap(batch -> batch.indices().stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, TRACES.size()).boxed().toList());
            for (MicroBatch batch : batches) {
                assertThat(batch.traces())
                        .isEqualTo(batch.indices().stream().map(TRACES::get).toList());
                assertThat(batch.packing().size() <= budget || batch.traces().size() == 1)
                        .as("%d tokens of %d", batch.packing().size(), budget)
                        .isTrue();
            }
        }
    }

    @Test
    void responsesToOnePromptShareItWhereTheyFit() {
        MicroBatch all = MicroBatch.cut(TRACES, 10_000).get(0);
        int prompts = IntStream.of(0, 4, 8, 12, 16)
                .map(i -> TRACES.get(i).promptIds().length)
                .sum();
        int responses = TRACES.stream()
                .mapToInt(trace -> trace.responseIds().length - 1)
                .sum();
        assertThat(all.packing().size()).isEqualTo(prompts + responses);
    }
}
