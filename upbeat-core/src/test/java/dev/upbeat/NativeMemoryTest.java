package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.learn.Optimization;
import dev.upbeat.learn.Policy;
import dev.upbeat.learn.Schedule;
import dev.upbeat.learn.SupervisedLearner;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.NotFiniteException;
import dev.upbeat.observe.GradientNorms;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.observe.RhythmOptions.Extras;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.testing.TwoThreads;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Native objects are counted: what a pass makes, it frees, and it does not wait for the garbage collector. */
@ExtendWith(OneThread.class)
class NativeMemoryTest {
    private static final int V = 40;

    @Test
    void observationsLeaveNothingBehind() {
        List<Trace> traces = List.of(RandomTraces.of("a", 5, 60, V), RandomTraces.of("b", 9, 20, V));
        for (Horizon horizon : List.of(new Horizon(1, Horizon.END), new Horizon(10, 30))) {
            RhythmOptions options = new RhythmOptions(
                    List.of(0, 1, 2),
                    RhythmSettings.ANALYSIS.over(horizon),
                    true,
                    Alignment.TOKEN,
                    null,
                    new Extras(4, new RhythmOptions.MapRange(0, 20), Set.of()));
            try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 512, 12), 1)) {
                Observer observer = new Observer(decoder, options);
                assertFreed(200, () -> observer.observe(traces));
            }
        }
    }

    @Test
    void scoresLeaveNothingBehind() {
        List<Trace> traces = List.of(RandomTraces.of("a", 5, 60, V), RandomTraces.of("b", 9, 20, V));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN2), 1)) {
            assertFreed(50, () -> Observer.score(decoder, traces));
        }
    }

    @Test
    void decodingLeavesNothingBehind() {
        Set<Integer> stops = Set.of(1, 2, 3, 4);
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.MISTRAL, V, 512, 12), 1)) {
            Generator generator = new Generator(decoder, 4);
            List<int[]> prompts = prompts();
            assertFreed(200, () -> generator.generate(prompts, new Sampling(12, 1, 30, 0.95, 1, stops)));
        }
    }

    @Test
    void loadingAndClosingLeavesNothingBehind() {
        assertFreed(20, () -> TinyDecoder.random(TinyDecoder.config(Architecture.QWEN2), 1)
                .close());
    }

    /** Counted from inside: what grows with the steps is freed at the end of a batch and would not show afterwards. */
    @Test
    void aLongResponseHoldsNoMoreObjects() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 1)) {
            List<Long> counts = new ArrayList<>();
            new Generator(decoder, 1)
                    .generate(
                            List.of(new int[] {5}),
                            new Sampling(300, 1, 5, 0.9, 1, Set.of()),
                            (prompt, id) -> counts.add(Pointer.totalCount()));
            assertThat(counts).hasSize(300);
            assertThat(counts.get(299)).isEqualTo(counts.get(10));
        }
    }

    @Test
    void learningLeavesNothingBehind() {
        List<Trace> traces =
                List.of(RandomTraces.of("a", 5, 30, V), RandomTraces.of("a", 5, 20, V), RandomTraces.of("b", 9, 20, V));
        for (boolean checkpointing : new boolean[] {false, true}) {
            Optimization optimization =
                    new Optimization(Schedule.constant(1e-3), 0.9, 0.999, 1e-8, 0, 1, 60, checkpointing);
            try (Policy policy = Policy.fromScratch(TinyDecoder.config(Architecture.QWEN3, V, 512, 12), 1);
                    SupervisedLearner learner = new SupervisedLearner(policy, optimization)) {
                assertFreed(50, () -> learner.update(traces));
                assertFreed(20, () -> GradientNorms.of(policy.decoder(), traces));
            }
        }
    }

    @Test
    void lanesLeaveNothingBehind() {
        List<Trace> traces =
                List.of(RandomTraces.of("a", 5, 30, V), RandomTraces.of("a", 5, 20, V), RandomTraces.of("b", 9, 20, V));
        TwoThreads.get(() -> {
            try (Policy policy = Policy.fromScratch(TinyDecoder.config(Architecture.QWEN3, V, 512, 12), 1);
                    SupervisedLearner learner =
                            new SupervisedLearner(policy, Optimization.with(Schedule.constant(1e-3)))) {
                assertFreed(20, () -> learner.update(traces));
                Observer observer = new Observer(policy.decoder(), RhythmOptions.analysis(List.of(0, 1)));
                assertFreed(20, () -> observer.observe(traces));
                Generator generator = new Generator(policy.decoder(), 4);
                assertFreed(20, () -> generator.generate(prompts(), new Sampling(12, 1, 30, 0.95, 1, Set.of(1))));
            }
            return traces;
        });
    }

    @Test
    void closedPoliciesLeaveNothingBehind() {
        assertFreed(10, () -> Policy.fromScratch(TinyDecoder.config(Architecture.QWEN2), 1)
                .close());
    }

    @Test
    void passesThatFailLeaveNothingBehind() {
        Trace good = RandomTraces.of("a", 5, 60, V);
        int[] ids = RandomTraces.ids(new SplittableRandom(3), 20, V);
        Trace overflowing = new Trace("b", new int[] {1}, ids, null, 1e-40, null);
        RhythmOptions options = RhythmOptions.analysis(List.of(0, 1, 2)).with(Extras.links(4));
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 1)) {
            Observer observer = new Observer(decoder, options);
            Runnable failing = () -> assertThatThrownBy(() -> observer.observe(List.of(good, overflowing)))
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessageContaining("trace b");
            assertFreed(20, failing);
            TwoThreads.get(() -> {
                assertFreed(20, failing); // another batch may have been kept by then
                return failing;
            });
        }
    }

    @Test
    void damagedWeightsLeaveNothingBehind(@TempDir Path directory) throws IOException {
        for (Dtype dtype : Dtype.values()) {
            for (String damaged :
                    List.of("model.embed_tokens.weight", "model.layers.1.mlp.up_proj.weight", "model.norm.weight")) {
                ModelConfig config = TinyDecoder.config(Architecture.QWEN2);
                WeightSource weights = new Damaged(TinyDecoder.weights(config, 1), damaged);
                assertFreed(20, () -> assertThatThrownBy(() -> Decoder.load(config, weights, dtype))
                        .isInstanceOf(NotFiniteException.class)
                        .hasMessageContaining(damaged));
                try (Checkpoint checkpoint = Checkpoint.open(TinyDecoder.write(
                        Files.createDirectory(directory.resolve(dtype + damaged)), config, weights))) {
                    assertFreed(20, () -> assertThatThrownBy(() -> Policy.load(checkpoint, dtype))
                            .isInstanceOf(NotFiniteException.class));
                }
            }
        }
    }

    /** Weights of which one tensor is not a number. */
    private record Damaged(WeightSource whole, String damaged) implements WeightSource {
        @Override
        public Set<String> names() {
            return whole.names();
        }

        @Override
        public long[] shape(String name) {
            return whole.shape(name);
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            Tensor tensor = whole.read(name, dtype);
            return name.equals(damaged) ? tensor.fill_(new Scalar(Double.NaN)) : tensor;
        }

        @Override
        public void close() {}
    }

    private static void assertFreed(int times, Runnable pass) {
        pass.run(); // what is made once and kept: operators, constants
        long objects = Pointer.totalCount();
        long bytes = Pointer.totalBytes();
        assertThat(objects).as("objects are counted").isPositive();
        for (int i = 0; i < times; i++) {
            pass.run();
            assertThat(Pointer.totalCount())
                    .as("native objects after pass %d", i)
                    .isLessThanOrEqualTo(objects);
            assertThat(Pointer.totalBytes()).as("native bytes after pass %d", i).isLessThanOrEqualTo(bytes);
        }
    }

    private static List<int[]> prompts() {
        List<int[]> prompts = new ArrayList<>();
        for (int length : new int[] {3, 1, 8, 8, 2}) {
            prompts.add(RandomTraces.ids(new SplittableRandom(length), length, V));
        }
        return prompts;
    }
}
