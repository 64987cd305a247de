package dev.upbeat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Continuations that share their beginning's keys and values against each one generated alone from its whole prompt. */
@ExtendWith(OneThread.class)
class ContinuationsTest {
    private static final int V = 40;
    private static final Generator.Listener NOBODY = (prompt, id) -> {};

    @ParameterizedTest
    @EnumSource
    void forksOfAPrefixWriteTheSameTextAsAlone(Architecture architecture) {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(architecture), 3)) {
            check(decoder, 60, 11, 40, Sampling.greedy(40, Set.of(3, 17)));
        }
    }

    /** The window passes the beginning's end while the continuation is still short of it, and leaves it behind later. */
    @ParameterizedTest
    @EnumSource
    void aSlidingWindowMovesPastTheSharedTokens(Architecture architecture) {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(architecture, V, 1024, 24), 3)) {
            check(decoder, 60, 11, 60, Sampling.greedy(60, Set.of(3)));
        }
    }

    @Test
    void rowsGrowAndEndOneByOne() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3), 5)) {
            check(decoder, 150, 9, 300, Sampling.greedy(300, Set.of(5, 9)));
        }
    }

    /** With dynamic rotary scaling a fork's numbers follow its own length, not that of the longest fork. */
    @Test
    void longForksOfADynamicModelEqualSingleResponses() {
        ModelConfig config = TinyDecoder.config(Architecture.LLAMA, 200, new RopeScaling.Dynamic(4, 50));
        try (Decoder decoder = TinyDecoder.random(config, 3)) {
            check(decoder, 60, 11, 40, Sampling.greedy(40, Set.of(3, 17)));
        }
    }

    private static void check(Decoder decoder, int beginning, int count, int most, Sampling sampling) {
        SplittableRandom random = new SplittableRandom(most);
        int[] ids = RandomTraces.ids(random, beginning, V);
        List<Fork> forks = new ArrayList<>();
        forks.add(new Fork(1, 7, most));
        forks.add(new Fork(beginning, 8, most));
        while (forks.size() < count) {
            forks.add(new Fork(random.nextInt(1, beginning + 1), random.nextInt(V), random.nextInt(1, most + 1)));
        }
        for (int batch : new int[] {1, 4, 64}) {
            List<Response> together = new Generator(decoder, batch).continuations(ids, forks, sampling, NOBODY);
            for (int i = 0; i < count; i++) {
                Fork fork = forks.get(i);
                String which = fork + " in batches of " + batch;
                if (sampling.stopIds().contains(fork.id())) {
                    assertThat(together.get(i).ids()).as(which).isEmpty();
                    continue;
                }
                int[] prompt = Arrays.copyOf(ids, fork.length() + 1);
                prompt[fork.length()] = fork.id();
                Response alone = new Generator(decoder, 1)
                        .generate(List.of(prompt), Sampling.greedy(fork.most(), sampling.stopIds()))
                        .get(0);
                assertThat(together.get(i).ids()).as(which).isEqualTo(alone.ids());
                assertThat(together.get(i).logProbs()).as(which).containsExactly(alone.logProbs(), within(1e-4f));
                assertThat(together.get(i).stopped()).as(which).isEqualTo(alone.stopped());
            }
        }
    }

    @Test
    void aTokenThatEndsAResponseIsFollowedByNothing() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 3)) {
            List<Response> responses = new Generator(decoder, 8)
                    .continuations(
                            new int[] {1, 2, 3},
                            List.of(new Fork(2, 9, 10), new Fork(3, 4, 0)),
                            Sampling.greedy(10, Set.of(9)),
                            NOBODY);
            assertThat(responses)
                    .allSatisfy(response -> assertThat(response.ids()).isEmpty());
            assertThat(responses.get(0).stopped()).isTrue();
            assertThat(responses.get(1).stopped()).isFalse();
        }
    }

    @Test
    void aForkBeyondTheContextIsRefused() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 50, 0), 3)) {
            assertThatThrownBy(() -> new Generator(decoder, 8)
                            .continuations(
                                    new int[10], List.of(new Fork(10, 1, 40)), Sampling.greedy(40, Set.of()), NOBODY))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("40 tokens after 11")
                    .hasMessageContaining("context of 50");
        }
    }

    /** What greedy decoding draws at each position is the most likely candidate there. */
    @Test
    void theFirstCandidateIsWhatGreedyDecodingWrites() {
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN2), 8)) {
            int[] prompt = RandomTraces.ids(new SplittableRandom(1), 12, V);
            Response greedy = new Generator(decoder, 1)
                    .generate(List.of(prompt), Sampling.greedy(90, Set.of()))
                    .get(0);
            int[] whole = Arrays.copyOf(prompt, prompt.length + greedy.ids().length);
            System.arraycopy(greedy.ids(), 0, whole, prompt.length, greedy.ids().length);
            int[] positions = java.util.stream.IntStream.range(prompt.length, whole.length)
                    .toArray();
            List<List<Candidates.Candidate>> candidates = Candidates.of(decoder, whole, positions, 5);
            for (int t = 0; t < positions.length; t++) {
                List<Candidates.Candidate> five = candidates.get(t);
                assertThat(five).hasSize(5);
                assertThat(five.get(0).id()).as("position %d", t).isEqualTo(greedy.ids()[t]);
                assertThat(Math.log(five.get(0).probability())).isCloseTo(greedy.logProbs()[t], within(1e-3));
                assertThat(five.get(0).probability())
                        .isGreaterThanOrEqualTo(five.get(4).probability());
            }
        }
    }
}
