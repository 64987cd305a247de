package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.AttentionHook;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.rhythm.LinkChecks;
import dev.upbeat.rhythm.NaiveRhythm;
import dev.upbeat.tensor.CpuFeatures;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Observation with weights by value norm, against whole maps times the norms. Layer 1 has a sliding window. */
@ExtendWith(OneThread.class)
class ValueNormTest {
    private static final int V = 40;
    private static final int WINDOW = 17;
    private static final List<Integer> ALL = List.of(0, 1, 2);
    private static final Trace LONG = RandomTraces.of("long", 9, 140, V);
    private static final Trace SHORT = RandomTraces.of("short", 1, 3, V);

    private static ModelConfig config(Architecture architecture) {
        return TinyDecoder.config(architecture, V, 1024, WINDOW);
    }

    private static RhythmOptions options(Alignment alignment, Horizon horizon) {
        return new RhythmOptions(
                ALL,
                RhythmSettings.ANALYSIS.over(horizon).with(AttentionWeights.VALUE_NORM),
                true,
                alignment,
                null,
                new Extras(5, null, Set.of(Observation.PATH_FLOW)));
    }

    /** Norms of the values as a hook sees them in the keys: layer -> [K][N]. */
    private static Map<Integer, double[][]> norms(Decoder decoder, Trace trace) {
        Map<Integer, double[][]> norms = new TreeMap<>();
        int d = decoder.config().headDim();
        AttentionHook hook = new AttentionHook() {
            @Override
            public boolean byValueNorm() {
                return true;
            }

            @Override
            public boolean wants(int layer) {
                return true;
            }

            @Override
            public void observe(int layer, LayerAttention attention) {
                int n = (int) attention.k().size(2);
                double[] logs = Tensors.toDoubles(attention
                        .k()
                        .narrow(3, d, LayerAttention.NORM_COLUMNS)
                        .to(ScalarType.Double)
                        .sum(3));
                double[] all = Arrays.stream(logs)
                        .map(log -> Math.exp(attention.scale() * log))
                        .toArray();
                double[][] byHead = new double[(int) attention.k().size(1)][];
                Arrays.setAll(byHead, kv -> Arrays.copyOfRange(all, kv * n, (kv + 1) * n));
                norms.put(layer, byHead);
            }
        };
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false)) {
            long[] ids = Arrays.stream(trace.ids()).asLongStream().toArray();
            decoder.forward(Tensors.of(ids, 1, ids.length), hook);
        }
        return norms;
    }

    @ParameterizedTest
    @EnumSource
    void everySeriesEqualsTheWholeMapsTimesTheNorms(Architecture architecture) {
        try (Decoder decoder = TinyDecoder.random(config(architecture), 1)) {
            for (Trace trace : List.of(LONG, SHORT)) {
                WholeMaps maps = WholeMaps.of(decoder, trace).times(norms(decoder, trace));
                for (Alignment alignment : Alignment.values()) {
                    for (Horizon horizon : List.of(new Horizon(1, Horizon.END), new Horizon(2, 30))) {
                        check(decoder, trace, maps, options(alignment, horizon), 1e-4, 3e-6, 1e-3);
                    }
                }
            }
        }
    }

    /** The bounds are those of {@link Bf16ObserverTest}. */
    @ParameterizedTest
    @EnumSource
    void aBf16DecoderHasTheSeriesOfItsRoundedTensors(Architecture architecture) {
        try (Decoder decoder = TinyDecoder.random(config(architecture), 1, Dtype.BF16)) {
            WholeMaps maps = WholeMaps.of(decoder, LONG).times(norms(decoder, LONG));
            double spans = CpuFeatures.multipliesBf16Tiles() ? 0.05 : 1e-3;
            double weights = CpuFeatures.multipliesBf16Tiles() ? 1e-4 : 5e-6;
            for (Alignment alignment : Alignment.values()) {
                check(decoder, LONG, maps, options(alignment, new Horizon(2, 30)), 5e-4, weights, spans);
            }
        }
    }

    private static void check(
            Decoder decoder,
            Trace trace,
            WholeMaps maps,
            RhythmOptions options,
            double waadTolerance,
            double weightTolerance,
            double spanTolerance) {
        ObservedTraces observed = new Observer(decoder, options).observe(List.of(trace));
        Observation seen = observed.observations().get(0);
        HeadGroups groups = observed.groups();
        int p = trace.promptIds().length;
        boolean predictor = options.alignment() == Alignment.PREDICTOR;
        Horizon horizon = options.settings().horizon();
        double[][] global = maps.mean(groups.global());
        WholeMaps.assertClose(
                "WAAD", seen.waad(), NaiveRhythm.waad(maps.mean(groups.local()), p, 10, predictor), waadTolerance);
        WholeMaps.assertClose("FAI", seen.fai(), NaiveRhythm.fai(global, p, horizon), weightTolerance);
        if (!groups.receiver().isEmpty()) {
            WholeMaps.assertClose(
                    "receiver FAI",
                    Objects.requireNonNull(seen.receiverFai()),
                    NaiveRhythm.fai(maps.mean(groups.receiver()), p, horizon),
                    weightTolerance);
        }
        maps.layers().forEach((layer, heads) -> {
            for (int h = 0; h < heads.length; h++) {
                assertThat((double) Objects.requireNonNull(groups.spanTokens().get(layer))[h])
                        .isCloseTo(NaiveRhythm.span(heads[h], p, predictor), within(spanTolerance));
            }
        });
        Links links = Objects.requireNonNull(seen.links());
        LinkChecks.assertStrongest(
                "global link", global, p, links.globalPositions(), links.globalWeights(), weightTolerance);
        WholeMaps.assertClose(
                "path flow",
                Objects.requireNonNull(seen.columns().get(Observation.PATH_FLOW)),
                NaiveRhythm.pathFlow(global, p, 8),
                Math.max(2e-5, weightTolerance));
    }

    /** The first layer's values by hand: W_v times the normed embedding, plus the bias. */
    @ParameterizedTest
    @EnumSource
    void theNormsAreThoseOfTheValueVectors(Architecture architecture) {
        ModelConfig config = config(architecture);
        try (Decoder decoder = TinyDecoder.random(config, 1)) {
            double[][] given = Objects.requireNonNull(norms(decoder, LONG).get(0));
            WeightSource weights = TinyDecoder.weights(config, 1);
            float[] embedding = read(weights, "model.embed_tokens.weight");
            float[] norm = read(weights, "model.layers.0.input_layernorm.weight");
            float[] projection = read(weights, "model.layers.0.self_attn.v_proj.weight");
            String biasName = "model.layers.0.self_attn.v_proj.bias";
            float[] bias = weights.names().contains(biasName)
                    ? read(weights, biasName)
                    : new float[config.kvHeads() * config.headDim()];
            int e = config.hidden();
            for (int s = 0; s < LONG.length(); s++) {
                float[] x = Arrays.copyOfRange(embedding, LONG.ids()[s] * e, (LONG.ids()[s] + 1) * e);
                double meanSquare = 0;
                for (float value : x) {
                    meanSquare += (double) value * value / e;
                }
                for (int kv = 0; kv < config.kvHeads(); kv++) {
                    double square = 0;
                    for (int i = kv * config.headDim(); i < (kv + 1) * config.headDim(); i++) {
                        double value = bias[i];
                        for (int j = 0; j < e; j++) {
                            value += projection[i * e + j] * x[j] * norm[j] / Math.sqrt(meanSquare + 1e-5);
                        }
                        square += value * value;
                    }
                    assertThat(given[kv][s]).isCloseTo(Math.sqrt(square), within(1e-4 * Math.sqrt(square)));
                }
            }
        }
    }

    private static float[] read(WeightSource weights, String name) {
        try (PointerScope scope = new PointerScope()) {
            return Tensors.toFloats(weights.read(name, Dtype.F32));
        }
    }

    @Test
    void batchingDoesNotChangeATracesObservation() {
        try (Decoder decoder = TinyDecoder.random(config(Architecture.QWEN3), 1)) {
            Observer observer = new Observer(decoder, options(Alignment.TOKEN, new Horizon(2, 30)));
            ObservedTraces together = observer.observe(List.of(LONG, SHORT));
            RhythmOptions fixed = options(Alignment.TOKEN, new Horizon(2, 30)).with(together.groups());
            for (int i = 0; i < 2; i++) {
                Trace trace = List.of(LONG, SHORT).get(i);
                Observation alone = new Observer(decoder, fixed)
                        .observe(List.of(trace))
                        .observations()
                        .get(0);
                Observation batched = together.observations().get(i);
                assertThat(batched.waad()).containsExactly(alone.waad(), within(1e-4f));
                for (int t = 0; t < alone.length(); t++) {
                    float difference = alone.fai()[t] - batched.fai()[t];
                    assertThat(
                                    Float.isNaN(alone.fai()[t])
                                            ? Float.isNaN(batched.fai()[t])
                                            : Math.abs(difference) < 3e-6)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void weightsChangeNoLogProb(Dtype dtype) {
        try (Decoder decoder = TinyDecoder.random(config(Architecture.LLAMA), 1, dtype)) {
            RhythmOptions byNorm = options(Alignment.TOKEN, new Horizon(2, 30));
            RhythmOptions plain = new RhythmOptions(
                    ALL, byNorm.settings().with(AttentionWeights.ATTENTION), true, Alignment.TOKEN, null, Extras.NONE);
            Observation one = new Observer(decoder, byNorm)
                    .observe(List.of(LONG))
                    .observations()
                    .get(0);
            Observation other = new Observer(decoder, plain)
                    .observe(List.of(LONG))
                    .observations()
                    .get(0);
            assertThat(one.logProbs()).isEqualTo(other.logProbs());
            assertThat(one.waad()).isNotEqualTo(other.waad());
        }
    }

    @Test
    void groupsOfOtherWeightsAreRefused() {
        try (Decoder decoder = TinyDecoder.random(config(Architecture.LLAMA), 1)) {
            RhythmOptions byNorm = options(Alignment.TOKEN, new Horizon(2, 30));
            HeadGroups groups = new Observer(decoder, RhythmOptions.analysis(ALL))
                    .observe(List.of(LONG))
                    .groups();
            assertThatThrownBy(() -> new Observer(decoder, byNorm.with(groups)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("found with weights attention", "weights value-norm are observed");
        }
    }
}
