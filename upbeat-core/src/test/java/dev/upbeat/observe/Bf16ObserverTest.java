package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.rhythm.LinkChecks;
import dev.upbeat.rhythm.NaiveRhythm;
import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A bf16 decoder rounds q and k once, and everything is measured of the attention that it computes with these: whole maps of
 * the same q and k, f64, are the twin. The bounds are those that bf16 was accepted with: WAAD 5e-4, FAI 2e-6, spans 1e-4
 * relative; on AMX attention's output is rounded too, and with it the mean key positions that spans are made of. There
 * libtorch's attention also computes exp with some 20 bits, and exp(0) as 0.99995, so that its logsumexp, and each weight
 * that follows from it, is off by up to 1e-4 of its value.
 */
@ExtendWith(OneThread.class)
class Bf16ObserverTest {
    private static final int V = 40;
    private static final List<Integer> ALL = List.of(0, 1, 2);
    private static final Trace TRACE = RandomTraces.of("bf16", 9, 190, V);
    private static final double WEIGHT_TOLERANCE = CpuFeatures.multipliesBf16Tiles() ? 1e-4 : 5e-6;
    private static final double SUM_TOLERANCE = CpuFeatures.multipliesBf16Tiles() ? 1e-4 : 1e-5;

    /** 1 / sqrt(D) is a power of two for 16 alone: elsewhere a scaled query is no bf16 number. */
    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32})
    void seriesEqualTheMapsOfRoundedQueriesAndKeys(int headDim) {
        try (Decoder decoder = decoder(Architecture.QWEN3, headDim, Dtype.BF16)) {
            WholeMaps maps = WholeMaps.of(decoder, TRACE);
            int p = TRACE.promptIds().length;
            for (Alignment alignment : Alignment.values()) {
                for (Horizon horizon : List.of(new Horizon(1, Horizon.END), new Horizon(10, 100))) {
                    ObservedTraces observed =
                            new Observer(decoder, options(alignment, horizon, null)).observe(List.of(TRACE));
                    HeadGroups groups = observed.groups();
                    Observation seen = observed.observations().get(0);
                    boolean predictor = alignment == Alignment.PREDICTOR;
                    double[][] local = maps.mean(groups.local());
                    WholeMaps.assertClose("WAAD", seen.waad(), NaiveRhythm.waad(local, p, 10, predictor), 5e-4);
                    WholeMaps.assertClose(
                            "FAI", seen.fai(), NaiveRhythm.fai(maps.mean(groups.global()), p, horizon), 2e-6);
                    WholeMaps.assertClose(
                            "receiver FAI",
                            Objects.requireNonNull(seen.receiverFai()),
                            NaiveRhythm.fai(maps.mean(groups.receiver()), p, horizon),
                            2e-6);
                    maps.layers().forEach((layer, heads) -> {
                        float[] spans =
                                Objects.requireNonNull(groups.spanTokens().get(layer));
                        for (int h = 0; h < heads.length; h++) {
                            double span = NaiveRhythm.span(heads[h], p, predictor);
                            double tolerance = CpuFeatures.multipliesBf16Tiles() ? 0.05 : 1e-4 * span;
                            assertThat((double) spans[h])
                                    .as("span of head %d of layer %d", h, layer)
                                    .isCloseTo(span, within(tolerance));
                        }
                    });
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 32})
    void linksMapsAndFlowBelongToTheComputedAttention(int headDim) {
        RhythmOptions options = RhythmOptions.analysis(ALL)
                .with(new Extras(5, new RhythmOptions.MapRange(0, TRACE.length()), Set.of(Observation.PATH_FLOW)));
        try (Decoder decoder = decoder(Architecture.QWEN3, headDim, Dtype.BF16)) {
            WholeMaps maps = WholeMaps.of(decoder, TRACE);
            ObservedTraces observed = new Observer(decoder, options).observe(List.of(TRACE));
            Observation seen = observed.observations().get(0);
            double[][] global = maps.mean(observed.groups().global());
            double[][] local = maps.mean(observed.groups().local());
            int p = TRACE.promptIds().length;
            Links links = Objects.requireNonNull(seen.links());
            LinkChecks.assertStrongest(
                    "global link", global, p, links.globalPositions(), links.globalWeights(), WEIGHT_TOLERANCE);
            LinkChecks.assertStrongest(
                    "local link", local, p, links.localPositions(), links.localWeights(), WEIGHT_TOLERANCE);
            MeanMaps map = Objects.requireNonNull(seen.map());
            assertMap(map.global(), global);
            assertMap(map.local(), local);
            WholeMaps.assertClose(
                    "path flow",
                    Objects.requireNonNull(seen.columns().get(Observation.PATH_FLOW)),
                    NaiveRhythm.pathFlow(global, p, 8),
                    2e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({"F32,ATTENTION", "BF16,ATTENTION", "F32,VALUE_NORM", "BF16,VALUE_NORM"})
    void savedAttentionHasTheEstimatedSize(Dtype dtype, AttentionWeights weights) {
        TraceBatch batch = TraceBatch.cut(
                        List.of(TRACE, RandomTraces.of("other", 3, 20, V)), 4096, new RopeScaling.None())
                .get(0);
        try (Decoder decoder = decoder(Architecture.LLAMA, 8, dtype);
                PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false);
                SavedAttention kept = new SavedAttention(decoder, List.of(0, 2), weights)) {
            decoder.forward(batch.packing(true), kept);
            long bytes = kept.layers().values().stream()
                    .mapToLong(layer -> layer.q().nbytes() + layer.k().nbytes())
                    .sum();
            assertThat(bytes).isEqualTo(SavedAttention.bytes(decoder, 2, weights, batch));
        }
    }

    /** Every weight, and rows of which each is one distribution. */
    private static void assertMap(float[] map, double[][] expected) {
        int n = expected.length;
        assertThat(map).hasSize(n * n);
        for (int t = 0; t < n; t++) {
            double sum = 0;
            for (int s = 0; s < n; s++) {
                sum += map[t * n + s];
                assertThat((double) map[t * n + s])
                        .as("A[%d,%d]", t, s)
                        .isCloseTo(expected[t][s], within(WEIGHT_TOLERANCE));
            }
            assertThat(sum).as("sum of row %d", t).isCloseTo(1, within(SUM_TOLERANCE));
        }
    }

    private static Decoder decoder(Architecture architecture, int headDim, Dtype dtype) {
        return TinyDecoder.random(TinyDecoder.config(architecture, V, 512, 24, headDim), 1, dtype);
    }

    private static RhythmOptions options(Alignment alignment, Horizon horizon, RhythmOptions.@Nullable MapRange map) {
        Extras extras = new Extras(5, map, Set.of());
        return new RhythmOptions(ALL, RhythmSettings.ANALYSIS.over(horizon), true, alignment, null, extras);
    }
}
