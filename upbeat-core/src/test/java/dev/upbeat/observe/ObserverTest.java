package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.rhythm.LinkChecks;
import dev.upbeat.rhythm.NaiveRhythm;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.testing.TwoThreads;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(OneThread.class)
class ObserverTest {
    private static final int V = 40;
    private static final List<Integer> ALL = List.of(0, 1, 2);
    private static final Horizon OPEN = new Horizon(1, Horizon.END);

    @ParameterizedTest
    @EnumSource
    void everySeriesEqualsTheWholeMapsInBothAlignments(Architecture architecture) {
        ModelConfig config = TinyDecoder.config(architecture, V, 1024, 17);
        try (Decoder decoder = TinyDecoder.random(config, 1)) {
            for (Trace trace : List.of(RandomTraces.of("long", 9, 140, V), RandomTraces.of("short", 1, 3, V))) {
                WholeMaps maps = WholeMaps.of(decoder, trace);
                for (Alignment alignment : Alignment.values()) {
                    for (Horizon horizon : List.of(OPEN, new Horizon(2, 30))) {
                        check(decoder, trace, maps, alignment, horizon);
                    }
                }
            }
        }
    }

    private static void check(Decoder decoder, Trace trace, WholeMaps maps, Alignment alignment, Horizon horizon) {
        RhythmOptions options =
                options(horizon, true, alignment, new Extras(5, new RhythmOptions.MapRange(0, 40), Set.of()));
        ObservedTraces observed = new Observer(decoder, options).observe(List.of(trace));
        Observation seen = observed.observations().get(0);
        HeadGroups groups = observed.groups();
        int p = trace.promptIds().length;
        double[][] local = maps.mean(groups.local());
        double[][] global = maps.mean(groups.global());
        boolean predictor = alignment == Alignment.PREDICTOR;
        WholeMaps.assertClose("WAAD", seen.waad(), NaiveRhythm.waad(local, p, 10, predictor), 1e-4);
        WholeMaps.assertClose("FAI", seen.fai(), NaiveRhythm.fai(global, p, horizon), 3e-6);
        if (!groups.receiver().isEmpty()) {
            double[][] receiver = maps.mean(groups.receiver());
            WholeMaps.assertClose(
                    "receiver FAI",
                    Objects.requireNonNull(seen.receiverFai()),
                    NaiveRhythm.fai(receiver, p, horizon),
                    3e-6);
        }
        maps.layers().forEach((layer, heads) -> {
            for (int h = 0; h < heads.length; h++) {
                assertThat((double) Objects.requireNonNull(groups.spanTokens().get(layer))[h])
                        .isCloseTo(NaiveRhythm.span(heads[h], p, predictor), within(1e-3));
            }
        });
        Links links = Objects.requireNonNull(seen.links());
        LinkChecks.assertStrongest("global link", global, p, links.globalPositions(), links.globalWeights(), 3e-6);
        LinkChecks.assertStrongest("local link", local, p, links.localPositions(), links.localWeights(), 3e-6);
        MeanMaps map = Objects.requireNonNull(seen.map());
        assertThat(map.end()).isEqualTo(Math.min(40, trace.length()));
        assertThat((double) map.local()[map.end() * map.end() - 1])
                .isCloseTo(local[map.end() - 1][map.end() - 1], within(3e-6));
    }

    @Test
    void batchingDoesNotChangeATracesObservation() {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            traces.add(RandomTraces.of("trace " + i, 1 + 7 * (i % 4), 20 + 137 * (i * 5 % 9), V));
        }
        for (int i = 1; i < 4; i++) { // prompts are shared
            int[] response = RandomTraces.of("again " + i, 1, 60 * i, V).responseIds();
            traces.add(new Trace("again " + i, traces.get(i).promptIds(), response, null, 1, null));
            traces.add(new Trace("still " + i, traces.get(i).promptIds(), new int[] {i}, null, 1, null));
        }
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 2048, 24), 2)) {
            List<Integer> told = new ArrayList<>();
            ObservedTraces together = new Observer(decoder, options(null)).observe(traces, told::add);
            assertThat(told).hasSizeGreaterThan(1);
            assertThat(told.stream().mapToInt(Integer::intValue).sum()).isEqualTo(traces.size());
            Observer alone = new Observer(decoder, options(together.groups()));
            for (int i = 0; i < traces.size(); i++) {
                Observation single =
                        alone.observe(List.of(traces.get(i))).observations().get(0);
                assertSame(traces.get(i).id(), together.observations().get(i), single);
            }
        }
    }

    @Test
    void workersObserveWhatOneWorkerObserves() {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            traces.add(RandomTraces.of("trace " + i, 1 + 7 * (i % 4), 20 + 37 * (i * 5 % 9), V));
        }
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 2048, 24), 2)) {
            Observer observer = new Observer(decoder, options(null));
            ObservedTraces one = observer.observe(traces);
            List<Integer> told = new ArrayList<>();
            ObservedTraces two = TwoThreads.get(() -> observer.observe(traces, told::add));
            ObservedTraces again = TwoThreads.get(() -> observer.observe(traces));
            assertThat(told).hasSizeGreaterThan(1);
            assertThat(two.groups().local()).isEqualTo(one.groups().local());
            for (int layer : ALL) {
                assertThat(Objects.requireNonNull(two.groups().spanTokens().get(layer)))
                        .containsExactly(one.groups().spanTokens().get(layer), within(1e-3f))
                        .containsExactly(again.groups().spanTokens().get(layer));
            }
            for (int i = 0; i < traces.size(); i++) {
                Observation seen = two.observations().get(i);
                assertSame(traces.get(i).id(), seen, one.observations().get(i));
                assertThat(again.observations().get(i).waad()).containsExactly(seen.waad());
                assertThat(again.observations().get(i).logProbs()).containsExactly(seen.logProbs());
            }
        }
    }

    @Test
    void groupSeriesAreMeansOfHeadSeries() {
        List<Trace> traces = List.of(
                RandomTraces.of("short", 3, 40, V),
                RandomTraces.of("long", 5, 90, V),
                RandomTraces.of("other", 4, 60, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 2048, 0), 2)) {
            Observer observer = new Observer(decoder, options(null));
            ObservedTraces seen = observer.observe(traces, 2, batch -> {});
            assertThat(seen.perHead()).hasSize(2);
            for (int i = 0; i < 2; i++) {
                List<HeadRhythm> heads = seen.perHead().get(i);
                assertThat(heads).extracting(HeadRhythm::head).isSorted().doesNotHaveDuplicates();
                Observation observation = seen.observations().get(i);
                for (int t = 0; t < observation.length(); t++) {
                    int at = t;
                    double waad = heads.stream()
                            .filter(own -> seen.groups().local().contains(own.head()))
                            .mapToDouble(own -> own.waad()[at])
                            .average()
                            .orElseThrow();
                    double fai = heads.stream()
                            .filter(own -> seen.groups().global().contains(own.head()))
                            .mapToDouble(own -> own.fai()[at])
                            .average()
                            .orElseThrow();
                    assertThat((double) observation.waad()[t]).isCloseTo(waad, within(1e-6));
                    if (Double.isNaN(fai)) {
                        assertThat(observation.fai()[t]).isNaN();
                    } else {
                        assertThat((double) observation.fai()[t]).isCloseTo(fai, within(1e-6));
                    }
                }
            }
            assertThat(observer.observe(traces, 9, batch -> {}).perHead()).hasSize(3);
            assertThat(observer.observe(traces).perHead()).isEmpty();
        }
    }

    @Test
    void batchesWithoutSavedAttentionGiveTheSameLinksAndMaps() {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            traces.add(RandomTraces.of("trace " + i, 3, 700 + 150 * i, V));
        }
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 2048, 0), 2)) {
            ObservedTraces kept = new Observer(decoder, options(null)).observe(traces);
            long oneOfTwo = SavedAttention.bytes(
                    decoder,
                    3,
                    AttentionWeights.ATTENTION,
                    TraceBatch.cut(traces, 4096, new RopeScaling.None()).get(0));
            for (long bytes : new long[] {0, oneOfTwo}) {
                ObservedTraces again = new Observer(decoder, options(null), bytes).observe(traces);
                assertThat(again.groups().local()).isEqualTo(kept.groups().local());
                for (int i = 0; i < traces.size(); i++) {
                    assertSame(
                            traces.get(i).id(),
                            again.observations().get(i),
                            kept.observations().get(i));
                }
            }
        }
    }

    @Test
    void nothingNativeWaitsForTheGroupsBeyondTheBytesAllowed() {
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            traces.add(RandomTraces.of("trace " + i, 3, 2100, V));
        }
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 4096, 0), 2)) {
            List<Long> counts = new ArrayList<>();
            new Observer(decoder, options(null), 0).observe(traces, batch -> counts.add(Pointer.totalCount()));
            assertThat(counts).hasSize(3).containsOnly(counts.get(0));
            counts.clear();
            HeadGroups fixed = groups(List.of(new Head(0, 0)), List.of(new Head(2, 1)), List.of());
            new Observer(decoder, options(fixed)).observe(traces, batch -> counts.add(Pointer.totalCount()));
            assertThat(counts).hasSize(3).containsOnly(counts.get(0));
        }
    }

    private static void assertSame(String id, Observation batched, Observation alone) {
        assertThat(batched.logProbs()).as(id).containsExactly(alone.logProbs(), within(2e-5f));
        assertThat(batched.entropyNats()).as(id).containsExactly(alone.entropyNats(), within(2e-5f));
        assertThat(batched.waad()).as(id).containsExactly(alone.waad(), within(2e-5f));
        WholeMaps.assertClose(id, batched.fai(), doubles(alone.fai()), 1e-6);
        WholeMaps.assertClose(
                id,
                Objects.requireNonNull(batched.receiverFai()),
                doubles(Objects.requireNonNull(alone.receiverFai())),
                1e-6);
        LinkChecks.assertSame(
                id, Objects.requireNonNull(batched.links()), Objects.requireNonNull(alone.links()), 2e-6f);
        MeanMaps map = Objects.requireNonNull(batched.map());
        assertThat(map.global())
                .as(id)
                .containsExactly(Objects.requireNonNull(alone.map()).global(), within(2e-6f));
        assertThat(map.local())
                .as(id)
                .containsExactly(Objects.requireNonNull(alone.map()).local(), within(2e-6f));
    }

    @Test
    void fixedGroupsAreUsedAsTheyAreGiven() {
        HeadGroups fixed = groups(List.of(new Head(2, 3)), List.of(new Head(0, 0), new Head(2, 1)), List.of());
        Trace trace = RandomTraces.of("fixed", 4, 60, V);
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 3)) {
            ObservedTraces observed = new Observer(decoder, options(fixed)).observe(List.of(trace));
            assertThat(observed.groups()).isSameAs(fixed);
            Observation seen = observed.observations().get(0);
            WholeMaps maps = WholeMaps.of(decoder, trace);
            WholeMaps.assertClose("WAAD", seen.waad(), NaiveRhythm.waad(maps.mean(fixed.local()), 4, 10, false), 1e-4);
            WholeMaps.assertClose("FAI", seen.fai(), NaiveRhythm.fai(maps.mean(fixed.global()), 4, OPEN), 3e-6);
            assertThat(seen.receiverFai()).hasSize(60).containsOnly(Float.NaN);
        }
    }

    @Test
    void tooShortResponsesHaveNoReceivers() {
        List<Trace> traces = List.of(RandomTraces.of("one", 5, 1, V), RandomTraces.of("four", 5, 4, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 3)) {
            ObservedTraces observed = new Observer(decoder, RhythmOptions.analysis(ALL)).observe(traces);
            assertThat(observed.groups().receiver()).isEmpty();
            assertThat(observed.observations().get(0).fai()).containsExactly(Float.NaN);
            assertThat(observed.observations().get(1).receiverFai()).containsExactly(nans(4));
            assertThat(observed.observations().get(0).links()).isNull();
            assertThat(observed.observations().get(0).map()).isNull();
        }
    }

    @Test
    void withoutReceiversThereIsNoReceiverSeries() {
        RhythmOptions options = RhythmOptions.training(ALL);
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 3)) {
            ObservedTraces observed = new Observer(decoder, options).observe(List.of(RandomTraces.of("a", 5, 50, V)));
            assertThat(observed.groups().receiver()).isEmpty();
            assertThat(observed.observations().get(0).receiverFai()).isNull();
        }
    }

    @Test
    void onlyTheChosenLayersAreObservedAndGrouped() {
        Trace trace = RandomTraces.of("layers", 5, 80, V);
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.MISTRAL), 4)) {
            ObservedTraces observed =
                    new Observer(decoder, RhythmOptions.analysis(List.of(0, 2))).observe(List.of(trace));
            HeadGroups groups = observed.groups();
            assertThat(groups.layers()).containsExactly(0, 2);
            assertThat(groups.spanTokens().keySet()).containsExactly(0, 2);
            assertThat(groups.local()).hasSize(3).allMatch(head -> head.layer() != 1);
            assertThat(groups.global()).hasSize(3).allMatch(head -> head.layer() != 1);
            double[] waad = NaiveRhythm.waad(WholeMaps.of(decoder, trace).mean(groups.local()), 5, 10, false);
            WholeMaps.assertClose("WAAD", observed.observations().get(0).waad(), waad, 1e-4);
        }
    }

    @Test
    void aMapEndsWithItsTrace() {
        RhythmOptions options =
                options(OPEN, false, Alignment.TOKEN, new Extras(0, new RhythmOptions.MapRange(20, 50), Set.of()));
        List<Trace> traces = List.of(RandomTraces.of("ends", 5, 25, V), RandomTraces.of("before", 5, 15, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 3)) {
            List<Observation> seen =
                    new Observer(decoder, options).observe(traces).observations();
            MeanMaps map = Objects.requireNonNull(seen.get(0).map());
            assertThat(List.of(map.start(), map.end(), map.global().length)).containsExactly(20, 30, 100);
            assertThat(seen.get(1).map()).isNull();
        }
    }

    private static RhythmOptions options(@Nullable HeadGroups groups) {
        Extras extras = new Extras(4, new RhythmOptions.MapRange(3, 19), Set.of());
        return new RhythmOptions(ALL, RhythmSettings.ANALYSIS, true, Alignment.TOKEN, groups, extras);
    }

    private static RhythmOptions options(Horizon horizon, boolean receivers, Alignment alignment, Extras extras) {
        return new RhythmOptions(ALL, RhythmSettings.ANALYSIS.over(horizon), receivers, alignment, null, extras);
    }

    static HeadGroups groups(List<Head> local, List<Head> global, List<Head> receiver) {
        return new HeadGroups(ALL, new TreeMap<>(), local, global, receiver, RhythmSettings.ANALYSIS);
    }

    private static float[] nans(int count) {
        float[] nans = new float[count];
        java.util.Arrays.fill(nans, Float.NaN);
        return nans;
    }

    static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
