package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TraceBatchTest {
    /** Four responses to each of five prompts. */
    private static final List<Trace> TRACES = IntStream.range(0, 20)
            .mapToObj(i -> new Trace(
                    "" + i,
                    RandomTraces.of("prompt " + i / 4, 3 + i / 4, 1, 50).promptIds(),
                    RandomTraces.of("response " + i, 1, 1 + 7 * i % 13, 50).responseIds(),
                    null,
                    1,
                    null))
            .toList();

    @Test
    void everyTraceIsInOneBatchWithinTheBudget() {
        for (int budget : new int[] {1, 40, 75, 200, 10_000}) {
            List<TraceBatch> batches = TraceBatch.cut(TRACES, budget, new RopeScaling.None());
            assertThat(batches.stream().flatMap(batch -> batch.indices().stream()))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, TRACES.size()).boxed().toList());
            for (TraceBatch batch : batches) {
                assertThat(batch.traces())
                        .isEqualTo(batch.indices().stream().map(TRACES::get).toList());
                assertThat(batch.packing(false).size() <= budget
                                || batch.traces().size() == 1)
                        .as("%d tokens of %d", batch.packing(false).size(), budget)
                        .isTrue();
            }
        }
    }

    @Test
    void shortResponsesToALongPromptArePaddedLittle() {
        int[] prompt = RandomTraces.of("long", 90, 1, 50).promptIds();
        List<Trace> traces = IntStream.range(0, 200)
                .mapToObj(i -> new Trace("" + i, prompt, new int[] {i % 50}, null, 1, null))
                .toList();
        assertThat(TraceBatch.cut(traces, 300, new RopeScaling.None()))
                .allSatisfy(batch -> assertThat(batch.size() * batch.longest()).isLessThanOrEqualTo(4 * 300));
    }

    @Test
    void responsesToOnePromptShareItWhereTheyFit() {
        TraceBatch all = TraceBatch.cut(TRACES, 10_000, new RopeScaling.None()).get(0);
        int prompts = IntStream.of(0, 4, 8, 12, 16)
                .map(i -> TRACES.get(i).promptIds().length)
                .sum();
        int responses = TRACES.stream()
                .mapToInt(trace -> trace.responseIds().length - 1)
                .sum();
        assertThat(all.packing(false).size()).isEqualTo(prompts + responses);
    }
}
