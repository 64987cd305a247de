package dev.upbeat.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.TokenScores;
import dev.upbeat.observe.Observer;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.testing.TwoThreads;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneThread.class)
class GeneratorTest {
    private static final int V = 40;
    private static final Decoder DECODER = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, V, 1024, 24), 1);

    @AfterAll
    static void close() {
        DECODER.close();
    }

    /** Rows leave at their stop ids while others go on beyond the cache's first block. */
    @Test
    void seedAndPromptNumberAloneSayWhatIsWritten() {
        List<int[]> prompts = prompts(61, 5, 1, 17, 60, 2, 33, 9);
        Sampling sampling = new Sampling(300, 1, 20, 0.98, 11, Set.of(3));
        List<Response> together = new Generator(DECODER, 8).generate(prompts, sampling);
        assertThat(together.stream().mapToInt(response -> response.ids().length))
                .as("some stop early, some outlive the first block")
                .anyMatch(length -> length < 40)
                .anyMatch(length -> length > 130);
        for (int batch : new int[] {1, 3}) {
            assertSameIds(new Generator(DECODER, batch).generate(prompts, sampling), together);
        }
        List<Response> fewer = new Generator(DECODER, 8).generate(prompts.subList(0, 4), sampling);
        assertSameIds(fewer, together.subList(0, 4));
        List<int[]> othersChanged = new ArrayList<>(prompts);
        othersChanged.set(0, new int[200]);
        Response unchanged =
                new Generator(DECODER, 8).generate(othersChanged, sampling).get(5);
        assertSameIds(List.of(unchanged), List.of(together.get(5)));
    }

    @Test
    void aRepeatedPromptIsContinuedAsIfAlone() {
        List<int[]> distinct = prompts(9, 1, 30, 9);
        List<int[]> prompts = new ArrayList<>();
        for (int i : new int[] {0, 0, 1, 1, 2, 3, 3, 3, 0}) {
            prompts.add(distinct.get(i));
        }
        Sampling sampling = new Sampling(40, 1, 0, 1, 5, Set.of(3));
        List<Response> together = new Generator(DECODER, 9).generate(prompts, sampling);
        assertSameIds(together, new Generator(DECODER, 1).generate(prompts, sampling));
    }

    @Test
    void lanesWriteWhatOneLaneWrites() {
        List<int[]> distinct = prompts(9, 1, 30, 9, 17);
        List<int[]> prompts = new ArrayList<>();
        for (int i : new int[] {0, 0, 1, 1, 2, 3, 3, 3, 0, 4, 4, 4, 4}) {
            prompts.add(distinct.get(i));
        }
        Sampling sampling = new Sampling(40, 1, 0, 1, 5, Set.of(3));
        List<Response> one = new Generator(DECODER, 9).generate(prompts, sampling);
        AtomicInteger heard = new AtomicInteger();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<Response> two =
                TwoThreads.get(() -> new Generator(DECODER, 9).generate(prompts, sampling, (prompt, id) -> {
                    heard.incrementAndGet();
                    threads.add(Thread.currentThread().getName());
                }));
        assertSameIds(two, one);
        assertThat(threads).hasSize(2);
        assertThat(heard)
                .hasValue(
                        two.stream().mapToInt(response -> response.ids().length).sum());

        List<Fork> forks = List.of(new Fork(3, 1, 20), new Fork(9, 2, 20), new Fork(5, 4, 20));
        assertSameIds(
                TwoThreads.get(() ->
                        new Generator(DECODER, 4).continuations(distinct.get(0), forks, sampling, (prompt, id) -> {})),
                new Generator(DECODER, 4).continuations(distinct.get(0), forks, sampling, (prompt, id) -> {}));
    }

    @Test
    void anotherSeedOrAnotherNumberWritesSomethingElse() {
        List<int[]> prompts = List.of(new int[] {1, 2}, new int[] {1, 2});
        Generator generator = new Generator(DECODER, 2);
        List<Response> first = generator.generate(prompts, new Sampling(20, 1, 0, 1, 1, Set.of()));
        List<Response> second = generator.generate(prompts, new Sampling(20, 1, 0, 1, 2, Set.of()));
        assertThat(Set.of(ids(first.get(0)), ids(first.get(1)), ids(second.get(0)), ids(second.get(1))))
                .hasSize(4);
    }

    @Test
    void logProbsEqualThoseOfAnObservation() {
        List<int[]> prompts = prompts(40, 3, 1);
        for (double temperature : new double[] {0, 0.7, 1.5}) {
            Sampling sampling = new Sampling(170, temperature, 10, 0.9, 5, Set.of(7));
            List<Response> responses = new Generator(DECODER, 3).generate(prompts, sampling);
            List<Trace> traces = IntStream.range(0, prompts.size())
                    .mapToObj(i -> new Trace(
                            "" + i, prompts.get(i), responses.get(i).ids(), null, sampling.logProbTemperature(), null))
                    .toList();
            List<TokenScores> scores = Observer.score(DECODER, traces);
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(responses.get(i).logProbs())
                        .as("prompt %d at temperature %s", i, temperature)
                        .containsExactly(scores.get(i).logProbs(), within(1e-4f));
            }
        }
    }

    @Test
    void aStopIdEndsTheResponse() {
        Set<Integer> stops = Set.of(1, 8, 30);
        List<Response> responses =
                new Generator(DECODER, 4).generate(prompts(3, 4, 5, 6), new Sampling(400, 1, 0, 1, 0, stops));
        for (Response response : responses) {
            int last = response.ids().length - 1;
            assertThat(response.stopped()).isTrue();
            assertThat(stops).contains(response.ids()[last]);
            assertThat(Arrays.stream(response.ids()).limit(last)).doesNotContainAnyElementsOf(stops);
            assertThat(response.logProbs()).hasSize(last + 1);
        }
    }

    @Test
    void theMostNewTokensEndAResponse() {
        for (Response response :
                new Generator(DECODER, 2).generate(prompts(3, 9), new Sampling(5, 1, 0, 1, 0, Set.of()))) {
            assertThat(response.ids()).hasSize(5);
            assertThat(response.stopped()).isFalse();
        }
    }

    @Test
    void theContextEndsAResponse() {
        try (Decoder small = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA, V, 32, 0), 1)) {
            List<Response> responses =
                    new Generator(small, 3).generate(prompts(31, 2, 30), new Sampling(100, 1, 0, 1, 0, Set.of()));
            assertThat(responses).extracting(response -> response.ids().length).containsExactly(1, 30, 2);
            refuses(small, new int[32], "32");
        }
    }

    @Test
    void emptyPromptsAndUnknownIdsAreRefused() {
        refuses(DECODER, new int[0], "prompt 1 is empty");
        refuses(DECODER, new int[] {0, V}, "id 40 is outside the model's vocabulary of 40");
        refuses(DECODER, new int[] {-1}, "id -1");
    }

    @Test
    void aBatchThatWouldOutgrowTheCacheIsCut() {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            prompts.add(RandomTraces.ids(new SplittableRandom(i), 1 + i % 3, V));
        }
        Set<Integer> mostIds = IntStream.range(0, 30).boxed().collect(Collectors.toSet());
        Sampling sampling = new Sampling(10_000, 1, 0, 1, 0, mostIds);
        assertSameIds(
                new Generator(DECODER, 40).generate(prompts, sampling),
                new Generator(DECODER, 1).generate(prompts, sampling));
    }

    @Test
    void theListenerHearsEveryTokenInOrder() {
        List<int[]> prompts = prompts(4, 9, 2);
        TreeMap<Integer, List<Integer>> heard = new TreeMap<>();
        List<Response> responses = new Generator(DECODER, 2)
                .generate(prompts, new Sampling(30, 1, 0, 1, 0, Set.of(2)), (prompt, id) -> heard.computeIfAbsent(
                                prompt, p -> new ArrayList<>())
                        .add(id));
        assertThat(heard.values())
                .containsExactlyElementsOf(responses.stream()
                        .map(response -> Arrays.stream(response.ids()).boxed().toList())
                        .toList());
    }

    private static void refuses(Decoder decoder, int[] prompt, String message) {
        Sampling sampling = Sampling.greedy(3, Set.of());
        assertThatThrownBy(() -> new Generator(decoder, 2).generate(List.of(new int[] {1}, prompt), sampling))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining(message);
    }

    private static void assertSameIds(List<Response> given, List<Response> expected) {
        assertThat(given.stream().map(GeneratorTest::ids))
                .containsExactlyElementsOf(
                        expected.stream().map(GeneratorTest::ids).toList());
    }

    private static String ids(Response response) {
        return Arrays.toString(response.ids());
    }

    private static List<int[]> prompts(int... lengths) {
        return Arrays.stream(lengths)
                .mapToObj(length -> RandomTraces.ids(new SplittableRandom(length), length, V))
                .toList();
    }
}
