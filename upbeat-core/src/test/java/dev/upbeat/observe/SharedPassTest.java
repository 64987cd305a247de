package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.model.Decoder;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class SharedPassTest {
    private static final int V = 40;
    private static final RhythmOptions OPTIONS = RhythmOptions.analysis(List.of(0, 1, 2));

    @Test
    void eachRequestHasTheResultThatItHasAlone() {
        List<Trace> one = List.of(RandomTraces.of("a", 4, 30, V), RandomTraces.of("b", 9, 6, V));
        List<Trace> two = List.of(RandomTraces.of("c", 1, 31, V));
        List<Trace> three = List.of(RandomTraces.of("d", 2, 1, V), RandomTraces.of("e", 3, 12, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 1024, 0), 1)) {
            List<List<Trace>> requests = List.of(one, two, three);
            List<ObservedTraces> together = new SharedPass(decoder, OPTIONS).observe(requests);
            for (int r = 0; r < requests.size(); r++) {
                ObservedTraces alone = new Observer(decoder, OPTIONS).observe(requests.get(r));
                assertThat(together.get(r).groups().local())
                        .isEqualTo(alone.groups().local());
                assertThat(together.get(r).groups().receiver())
                        .isEqualTo(alone.groups().receiver());
                for (int i = 0; i < requests.get(r).size(); i++) {
                    compare(
                            together.get(r).observations().get(i),
                            alone.observations().get(i));
                }
            }
        }
    }

    @Test
    void requestsWithTheSameFixedGroupsShareAPass() {
        List<Trace> one = List.of(RandomTraces.of("a", 4, 30, V));
        List<Trace> two = List.of(RandomTraces.of("b", 9, 16, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 1024, 0), 1)) {
            RhythmOptions fixed =
                    OPTIONS.with(new Observer(decoder, OPTIONS).observe(one).groups());
            assertThat(fixed)
                    .isEqualTo(OPTIONS.with(
                            new Observer(decoder, OPTIONS).observe(one).groups()));
            List<ObservedTraces> together = new SharedPass(decoder, fixed).observe(List.of(one, two));
            compare(
                    together.get(1).observations().get(0),
                    new Observer(decoder, fixed).observe(two).observations().get(0));
        }
    }

    @Test
    void linksCannotBeShared() {
        RhythmOptions links = OPTIONS.with(RhythmOptions.Extras.links(2));
        assertThat(SharedPass.canShare(links)).isFalse();
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 1024, 0), 1)) {
            assertThatThrownBy(() -> new SharedPass(decoder, links)).hasMessageContaining("links");
        }
    }

    private static void compare(Observation together, Observation alone) {
        for (String name : List.of("log_prob", "entropy_nats", "waad", "fai", "receiver_fai")) {
            float[] given = Objects.requireNonNull(together.series(name));
            float[] expected = Objects.requireNonNull(alone.series(name));
            assertThat(given).as(name).hasSameSizeAs(expected);
            for (int t = 0; t < expected.length; t++) {
                if (Float.isNaN(expected[t])) {
                    assertThat(given[t]).as(name).isNaN();
                } else {
                    assertThat(given[t]).as(name).isCloseTo(expected[t], within(1e-5f));
                }
            }
        }
    }
}
