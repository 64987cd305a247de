package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several alignments and layers in one pass. */
@ExtendWith(OneThread.class)
class RhythmVariantTest {
    private static final int V = 40;
    private static final List<Integer> ALL = List.of(0, 1, 2);

    /** Several batches, so that each trace has to find its own index in every variant. */
    @Test
    void aFurtherVariantEqualsItsOwnPass() {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            traces.add(RandomTraces.of("trace " + i, 1 + 9 * (i % 3), 300 + 211 * (i * 5 % 6), V));
        }
        List<RhythmVariant> further = List.of(
                new RhythmVariant(Alignment.PREDICTOR, ALL),
                new RhythmVariant(Alignment.TOKEN, List.of(1)),
                new RhythmVariant(Alignment.PREDICTOR, List.of(0, 2)));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 2048, 0), 2)) {
            ObservedTraces seen =
                    new Observer(decoder, RhythmOptions.analysis(ALL)).observe(traces, 0, further, batch -> {});
            assertThat(seen.further()).hasSize(further.size());
            for (int r = 0; r < further.size(); r++) {
                RhythmVariant variant = further.get(r);
                ObservedTraces alone = new Observer(
                                decoder,
                                new RhythmOptions(
                                        variant.layers(),
                                        RhythmSettings.ANALYSIS,
                                        true,
                                        variant.alignment(),
                                        null,
                                        Extras.NONE))
                        .observe(traces);
                assertThat(seen.further().get(r).groups())
                        .usingRecursiveComparison()
                        .isEqualTo(alone.groups());
                for (int i = 0; i < traces.size(); i++) {
                    String id = variant + " of " + traces.get(i).id();
                    Observation read = seen.further().get(r).observations().get(i);
                    Observation expected = alone.observations().get(i);
                    // attention rounds otherwise in a layer that is watched
                    for (String name : List.of("log_prob", "entropy_nats", "waad", "fai", "receiver_fai")) {
                        float[] given = Objects.requireNonNull(read.series(name));
                        WholeMaps.assertClose(
                                name + " of " + id,
                                given,
                                ObserverTest.doubles(Objects.requireNonNull(expected.series(name))),
                                2e-5);
                    }
                }
            }
        }
    }

    @Test
    void theOtherAlignmentOfFixedGroupsHasTheseGroups() {
        List<Trace> traces = List.of(RandomTraces.of("a", 5, 120, V), RandomTraces.of("b", 9, 80, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 2048, 0), 2)) {
            ObservedTraces found = new Observer(decoder, RhythmOptions.analysis(ALL)).observe(traces);
            RhythmOptions fixed =
                    RhythmOptions.analysis(ALL).with(found.groups()).with(Extras.links(2));
            ObservedTraces seen = new Observer(decoder, fixed)
                    .observe(traces, 0, List.of(new RhythmVariant(Alignment.PREDICTOR, ALL)), batch -> {});
            ObservedTraces alone = new Observer(
                            decoder,
                            new RhythmOptions(
                                    ALL,
                                    RhythmSettings.ANALYSIS,
                                    true,
                                    Alignment.PREDICTOR,
                                    found.groups(),
                                    Extras.NONE))
                    .observe(traces);
            assertThat(seen.observations().get(1).waad())
                    .isEqualTo(found.observations().get(1).waad());
            assertThat(seen.observations().get(1).links()).isNotNull();
            for (int i = 0; i < traces.size(); i++) {
                Observation read = seen.further().get(0).observations().get(i);
                assertThat(read.waad()).isEqualTo(alone.observations().get(i).waad());
                assertThat(read.fai()).isEqualTo(alone.observations().get(i).fai());
            }
            List<RhythmVariant> ofSome = List.of(new RhythmVariant(Alignment.TOKEN, List.of(0)));
            assertThatThrownBy(() -> new Observer(decoder, fixed).observe(traces, 0, ofSome, batch -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
