package dev.upbeat.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.NaiveRhythm;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class FurtherColumnsTest {
    private static final int V = 40;
    private static final RhythmOptions PLAIN = RhythmOptions.analysis(List.of(0, 1, 2));
    private static final RhythmOptions EVERY =
            PLAIN.with(Extras.measurable(Extras.COLUMNS, PathFlow.LINKS, AnswerFlow.ALL_LINKS, StepInfluence.Keys.SUM));
    private static final List<Trace> TRACES = List.of(
            withTexts(RandomTraces.of("long", 9, 45, V)),
            withTexts(RandomTraces.of("early", 1, 20, V)),
            withTexts(RandomTraces.of("one", 4, 1, V)));

    @Test
    void pathFlowEqualsThatOfTheGlobalHeadsMeanMap() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 1024, 17), 1)) {
            ObservedTraces observed = new Observer(decoder, EVERY).observe(TRACES);
            for (int i = 0; i < TRACES.size(); i++) {
                double[][] map = WholeMaps.of(decoder, TRACES.get(i))
                        .mean(observed.groups().global());
                double[] expected = NaiveRhythm.pathFlow(map, TRACES.get(i).promptIds().length, 8);
                assertColumn(observed, i, "path_flow", expected);
            }
        }
    }

    @Test
    void flowEqualsThatOfTheMeanMapOfAllHeads() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 1024, 17), 1)) {
            ObservedTraces observed = new Observer(decoder, EVERY).observe(TRACES);
            for (int i = 0; i < TRACES.size(); i++) {
                Trace trace = TRACES.get(i);
                boolean[] answer = new boolean[trace.length()];
                for (int t = trace.length() - Math.min(5, trace.responseIds().length); t < trace.length(); t++) {
                    answer[t] = true;
                }
                double[] expected = NaiveRhythm.answerFlow(mean(decoder, trace), trace.promptIds().length, answer);
                assertColumn(
                        observed, i, "flow", Arrays.copyOfRange(expected, trace.promptIds().length, expected.length));
            }
        }
    }

    @Test
    void edgesOfTheFlowComeWithLinks() {
        Extras extras = new Extras(3, null, Set.of(Observation.FLOW), PathFlow.LINKS, 2, StepInfluence.Keys.SUM);
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 1024, 17), 1)) {
            Observation seen = new Observer(decoder, PLAIN.with(extras))
                    .observe(TRACES)
                    .observations()
                    .get(0);
            FlowEdges edges = requireNonNull(requireNonNull(seen.links()).flow());
            float[] flow = requireNonNull(seen.columns().get(Observation.FLOW));
            for (int t = 0; t < flow.length; t++) {
                // With two links a token has at most two edges that enter it, and they carry all its flow.
                assertThat(edges.inFlows()[t][0] + edges.inFlows()[t][1]).isCloseTo(flow[t], within(1e-6f));
                assertThat(edges.inPositions()[t][2]).isEqualTo(-1);
            }
            assertThat(flow[flow.length - 1]).isPositive();
        }
    }

    @Test
    void stepInfluenceEqualsThatOfAllHeads() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 1024, 17), 1)) {
            ObservedTraces observed = new Observer(decoder, EVERY).observe(TRACES);
            for (int i = 0; i < TRACES.size(); i++) {
                Trace trace = TRACES.get(i);
                double[] expected = NaiveRhythm.stepInfluence(
                        heads(decoder, trace),
                        trace.promptIds().length,
                        IntStream.range(0, trace.responseIds().length)
                                .map(t -> t / 5)
                                .toArray(),
                        false);
                assertColumn(observed, i, "step_influence", expected);
            }
            assertThat(column(observed, 0, "step_influence")[0]).isPositive();
            assertThat(column(observed, 1, "step_influence")).containsOnly(Float.NaN);
        }
    }

    @Test
    void columnsThatReadTextAreRefusedWithoutIt() {
        RhythmOptions options = PLAIN.with(Extras.measurable(
                Set.of(Observation.FLOW), PathFlow.LINKS, AnswerFlow.ALL_LINKS, StepInfluence.Keys.SUM));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 1)) {
            assertThatThrownBy(() -> new Observer(decoder, options).observe(List.of(RandomTraces.of("ids", 3, 4, V))))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("trace ids has no token texts", "flow", "supported tokenizer");
        }
    }

    @Test
    void hiddenCosineIsThatOfTheLastHiddenStates() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 1)) {
            ObservedTraces observed = new Observer(decoder, EVERY).observe(TRACES);
            for (int i = 0; i < TRACES.size(); i++) {
                assertColumn(observed, i, "hidden_cosine", cosines(decoder, TRACES.get(i)));
            }
            assertThat(column(observed, 2, "hidden_cosine")[0]).isCloseTo(1, within(1e-6f));
        }
    }

    @Test
    void furtherMeasurementsDoNotChangeOthers() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN2), 2)) {
            List<Observation> plain =
                    new Observer(decoder, PLAIN).observe(TRACES).observations();
            List<Observation> further =
                    new Observer(decoder, EVERY).observe(TRACES).observations();
            for (int i = 0; i < TRACES.size(); i++) {
                assertThat(plain.get(i).columns()).isEmpty();
                assertThat(further.get(i).columns())
                        .containsOnlyKeys("path_flow", "hidden_cosine", "flow", "step_influence");
                assertThat(further.get(i).waad()).containsExactly(plain.get(i).waad());
                assertThat(further.get(i).logProbs())
                        .containsExactly(plain.get(i).logProbs());
                assertThat(further.get(i).links()).isNull();
            }
        }
    }

    @Test
    void batchesWithoutSavedAttentionGiveTheSameFlow() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 2)) {
            ObservedTraces kept = new Observer(decoder, EVERY).observe(TRACES);
            ObservedTraces again = new Observer(decoder, EVERY, 0).observe(TRACES);
            for (int i = 0; i < TRACES.size(); i++) {
                for (String name : List.of("path_flow", "flow", "step_influence")) {
                    assertThat(column(again, i, name)).containsExactly(column(kept, i, name), within(1e-5f));
                }
            }
        }
    }

    @Test
    void theyLeaveNoNativeMemoryBehind() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 2)) {
            Observer observer = new Observer(decoder, EVERY);
            observer.observe(TRACES);
            long before = Pointer.totalCount();
            for (int i = 0; i < 20; i++) {
                observer.observe(TRACES);
            }
            assertThat(Pointer.totalCount()).isEqualTo(before);
        }
    }

    @Test
    void anUnknownColumnIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> new Extras(0, null, Set.of("hidden_cosin")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("hidden_cosin cannot be measured")
                .hasMessageContaining("flow, hidden_cosine, path_flow, step_influence");
    }

    /** The same trace with texts: steps of 5 tokens, of which the last is the answer. */
    private static Trace withTexts(Trace trace) {
        int length = trace.responseIds().length;
        List<String> tokens = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            tokens.add(t % 5 == 4 ? ",\n\n" : " word");
        }
        return new Trace(trace.id(), trace.promptIds(), trace.responseIds(), tokens, 1, null);
    }

    private static List<double[][]> heads(Decoder decoder, Trace trace) {
        return WholeMaps.of(decoder, trace).layers().values().stream()
                .flatMap(Arrays::stream)
                .toList();
    }

    /** The mean map of all heads. */
    private static double[][] mean(Decoder decoder, Trace trace) {
        double[][][] maps = heads(decoder, trace).toArray(double[][][]::new);
        return NaiveRhythm.mean(maps, IntStream.range(0, maps.length).toArray());
    }

    private static double[] cosines(Decoder decoder, Trace trace) {
        int e = decoder.config().hidden();
        int prompt = trace.promptIds().length;
        int length = trace.responseIds().length;
        float[] hidden;
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGrad = new AutoGradMode(false)) {
            long[] ids = Arrays.stream(trace.ids()).asLongStream().toArray();
            hidden = Tensors.toFloats(decoder.forward(Tensors.of(ids, 1, ids.length), null));
        }
        double[] mean = new double[e];
        for (int t = 0; t < length; t++) {
            for (int i = 0; i < e; i++) {
                mean[i] += (double) hidden[(prompt + t) * e + i] / length;
            }
        }
        double[] cosines = new double[length];
        for (int t = 0; t < length; t++) {
            double dot = 0;
            double own = 0;
            double others = 0;
            for (int i = 0; i < e; i++) {
                double x = hidden[(prompt + t) * e + i];
                dot += x * mean[i];
                own += x * x;
                others += mean[i] * mean[i];
            }
            cosines[t] = dot / Math.sqrt(own * others);
        }
        return cosines;
    }

    private static float[] column(ObservedTraces observed, int trace, String name) {
        return Objects.requireNonNull(
                observed.observations().get(trace).columns().get(name), name);
    }

    private static void assertColumn(ObservedTraces observed, int trace, String name, double[] expected) {
        float[] column = column(observed, trace, name);
        assertThat(column).hasSize(expected.length);
        for (int t = 0; t < expected.length; t++) {
            if (Double.isNaN(expected[t])) {
                assertThat(column[t]).as("%s of %d, token %d", name, trace, t).isNaN();
            } else {
                assertThat((double) column[t])
                        .as("%s of %d, token %d", name, trace, t)
                        .isCloseTo(expected[t], within(1e-5));
            }
        }
    }
}
