package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.testing.ParityFixture;
import dev.upbeat.testing.ParityFixture.GoldenGreedy;
import dev.upbeat.testing.ParityFixture.GoldenRhythm;
import dev.upbeat.testing.ParityFixture.GoldenSeries;
import dev.upbeat.testing.ParityFixture.GoldenTrace;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against transformers' float64 values on tiny random models of each architecture; tolerances as the README of the parity
 * fixtures states them.
 */
class ParityTest {
    static List<ParityFixture> cases() {
        return ParityFixture.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logitsAreThoseOfTransformers(ParityFixture fixture) {
        with(fixture, decoder -> {
            for (GoldenTrace golden : fixture.traces()) {
                try (PointerScope scope = new PointerScope();
                        AutoGradMode noGrad = new AutoGradMode(false)) {
                    int[] ids = golden.trace().ids();
                    long[] row = Arrays.stream(ids).asLongStream().toArray();
                    Tensor hidden = decoder.forward(Tensors.of(row, 1, row.length), null);
                    Tensor wanted = Tensors.slice(hidden.select(0, 0), 0, golden.logitsFrom(), ids.length);
                    double[] expected = Arrays.stream(golden.logits())
                            .flatMapToDouble(Arrays::stream)
                            .toArray();
                    assertClose(
                            golden.trace().id() + " logits", Tensors.toFloats(decoder.logits(wanted)), expected, 3e-4);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void logProbsEntropiesAndRhythmAreThoseOfTransformers(ParityFixture fixture) {
        with(fixture, decoder -> {
            List<Trace> traces =
                    fixture.traces().stream().map(GoldenTrace::trace).toList();
            for (GoldenRhythm rhythm : fixture.rhythms()) {
                ObservedTraces observed = new Observer(decoder, options(rhythm)).observe(traces);
                assertGroups(rhythm, observed.groups());
                for (int i = 0; i < traces.size(); i++) {
                    Observation seen = observed.observations().get(i);
                    GoldenTrace golden = fixture.traces().get(i);
                    GoldenSeries series = rhythm.series().get(i);
                    String at = rhythm + " " + golden.trace().id();
                    assertClose(at + " log-prob", seen.logProbs(), golden.logProbs(), 3e-4);
                    assertClose(at + " entropy", seen.entropyNats(), golden.entropyNats(), 2e-4);
                    assertClose(at + " WAAD", seen.waad(), series.waad(), 1e-4);
                    assertClose(at + " FAI", seen.fai(), series.fai(), 3e-6);
                    assertClose(
                            at + " receiver FAI",
                            Objects.requireNonNull(seen.receiverFai()),
                            series.receiverFai(),
                            3e-6);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void greedyIdsEqualTransformersAloneAndInABatch(ParityFixture fixture) {
        with(fixture, decoder -> {
            List<int[]> prompts =
                    fixture.greedy().stream().map(GoldenGreedy::promptIds).toList();
            Sampling greedy = Sampling.greedy(fixture.greedy().get(0).newIds().length, Set.of());
            List<Response> together = new Generator(decoder, 8).generate(prompts, greedy);
            for (int i = 0; i < prompts.size(); i++) {
                int[] expected = fixture.greedy().get(i).newIds();
                Response alone = new Generator(decoder, 1)
                        .generate(List.of(prompts.get(i)), greedy)
                        .get(0);
                assertThat(alone.ids()).as("prompt %d alone", i).containsExactly(expected);
                assertThat(together.get(i).ids()).as("prompt %d in a batch", i).containsExactly(expected);
                assertThat(together.get(i).stopped()).isFalse();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBatchGivesTheSameRhythmAsEachTraceAlone(ParityFixture fixture) {
        with(fixture, decoder -> {
            GoldenRhythm rhythm = fixture.rhythms().get(0);
            List<Trace> traces =
                    fixture.traces().stream().map(GoldenTrace::trace).toList();
            ObservedTraces together = new Observer(decoder, options(rhythm)).observe(traces);
            RhythmOptions fixed = options(rhythm).with(together.groups());
            for (int i = 0; i < traces.size(); i++) {
                Observation alone = new Observer(decoder, fixed)
                        .observe(List.of(traces.get(i)))
                        .observations()
                        .get(0);
                Observation batched = together.observations().get(i);
                assertThat(alone.waad()).containsExactly(batched.waad(), within(2e-5f));
                assertClose("FAI", alone.fai(), doubles(batched.fai()), 1e-6);
                assertThat(alone.logProbs()).containsExactly(batched.logProbs(), within(2e-5f));
            }
        });
    }

    static RhythmOptions options(GoldenRhythm rhythm) {
        return new RhythmOptions(
                rhythm.layers(),
                rhythm.settings(),
                true,
                rhythm.alignment().equals("token") ? RhythmOptions.Alignment.TOKEN : RhythmOptions.Alignment.PREDICTOR,
                null,
                RhythmOptions.Extras.NONE);
    }

    private interface Check {
        void run(Decoder decoder);
    }

    private static void with(ParityFixture fixture, Check check) {
        try (Checkpoint checkpoint = Checkpoint.open(fixture.directory());
                Decoder decoder = Decoder.load(checkpoint.config(), checkpoint.weights(), Dtype.F32)) {
            check.run(decoder);
        }
    }

    private static void assertGroups(GoldenRhythm golden, HeadGroups groups) {
        assertThat(groups.local()).as("%s local", golden).isEqualTo(golden.local());
        assertThat(groups.global()).as("%s global", golden).isEqualTo(golden.global());
        assertThat(groups.receiver()).as("%s receiver", golden).isEqualTo(golden.receiver());
        golden.spanTokens().forEach((layer, spans) -> {
            float[] given = Objects.requireNonNull(groups.spanTokens().get(layer));
            for (int head = 0; head < spans.length; head++) {
                assertThat((double) given[head])
                        .as("%s span of layer %d head %d", golden, layer, head)
                        .isCloseTo(spans[head], within(1e-4 * spans[head]));
            }
        });
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static void assertClose(String what, float[] given, double[] golden, double tolerance) {
        assertThat(given).as(what).hasSize(golden.length);
        double worst = 0;
        for (int i = 0; i < given.length; i++) {
            assertThat(Float.isNaN(given[i])).as("%s [%d] undefined", what, i).isEqualTo(Double.isNaN(golden[i]));
            if (!Double.isNaN(golden[i])) {
                worst = Math.max(worst, Math.abs(given[i] - golden[i]));
            }
        }
        assertThat(worst).as("%s: largest difference", what).isLessThanOrEqualTo(tolerance);
    }
}
