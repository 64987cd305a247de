package dev.upbeat.study.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Candidates;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A whole perturbation against its definition: each alternative continued alone, its words compared by hand. */
@ExtendWith(OneThread.class)
class PerturberTest {
    private static final int STOP = 3;
    private static final Decoder DECODER = TinyDecoder.random(TinyDecoder.config(Architecture.QWEN3, 40, 1024, 0), 4);

    /** The last word is the answer; every response ends with one. */
    private static final FinalAnswers LAST_WORD = new FinalAnswers() {
        @Override
        public @Nullable String of(int trace, String response, boolean ended) {
            return ended || !response.endsWith("a") ? last(response) : null;
        }

        @Override
        public boolean has(int trace, String answer, String response) {
            return last(response).equals(answer);
        }

        @Override
        public Boolean correct(int trace, String response) {
            return trace == 7;
        }

        private String last(String response) {
            return response.substring(response.lastIndexOf(' ') + 1);
        }
    };

    @AfterAll
    static void close() {
        DECODER.close();
    }

    private static PerturbationSettings settings(boolean includeOriginal) {
        return new PerturbationSettings(
                3,
                4,
                includeOriginal,
                List.of(PerturbationSettings.END, 5, 20),
                10,
                60,
                1_000,
                0,
                Set.of(STOP),
                List.of(Criterion.values()),
                Words.CONTENT);
    }

    /** Token 7 is the word " w7", which is a content word. */
    private static List<String> texts(int[] ids) {
        return Arrays.stream(ids).mapToObj(id -> " w" + letters(id)).toList();
    }

    private static String letters(int id) {
        return "" + (char) ('a' + id / 10) + (char) ('a' + id % 10);
    }

    private static Trace greedy() {
        int[] prompt = {5, 9, 1, 30};
        int[] response = new Generator(DECODER, 1)
                .generate(List.of(prompt), Sampling.greedy(60, Set.of(STOP)))
                .get(0)
                .ids();
        return new Trace("p", prompt, response, texts(response), 1, null);
    }

    @Test
    void everyAlternativeIsWhatItGivesAlone() {
        Trace trace = greedy();
        assertThat(trace.responseIds().length).as("long enough for this test").isGreaterThan(30);
        Observation seen = new Observer(DECODER, RhythmOptions.analysis(List.of(0, 1, 2)))
                .observe(List.of(trace))
                .observations()
                .get(0);
        for (boolean includeOriginal : new boolean[] {false, true}) {
            PerturbationSettings settings = settings(includeOriginal);
            PerturbedProblem problem = new Perturber(DECODER, PerturberTest::texts, settings, LAST_WORD)
                    .perturb(0, trace, seen, (prompt, id) -> {})
                    .orElseThrow();
            assertThat(problem.chosen()).hasSize(8);
            assertThat(problem.positions()).hasSizeBetween(6, 24);
            for (PerturbedProblem.Position position : problem.positions()) {
                check(trace, position, includeOriginal, settings);
            }
            double mean = Arrays.stream(Objects.requireNonNull(problem.chosen().get(Criterion.HIGH_FAI)))
                    .mapToObj(at -> problem.positions().stream()
                            .filter(each -> each.position() == at)
                            .findFirst()
                            .orElseThrow())
                    .flatMap(each -> each.alternatives().stream())
                    .mapToDouble(each -> each.jaccard()[2])
                    .average()
                    .orElseThrow();
            assertThat(problem.answer()).isEqualTo(answer(trace.responseIds()));
            assertThat(problem.correct()).isFalse();
            assertThat(problem.mean(Criterion.HIGH_FAI, 2)).isCloseTo(mean, within(1e-12));
        }
    }

    private static void check(
            Trace trace, PerturbedProblem.Position position, boolean includeOriginal, PerturbationSettings settings) {
        int at = position.position();
        int prompt = trace.promptIds().length;
        int own = trace.responseIds()[at];
        List<Integer> expected = new ArrayList<>();
        for (Candidates.Candidate candidate :
                Candidates.of(DECODER, trace.ids(), new int[] {prompt + at}, 5).get(0)) {
            if ((includeOriginal || candidate.id() != own) && expected.size() < 4) {
                expected.add(candidate.id());
            }
        }
        assertThat(position.alternatives().stream().map(PerturbedProblem.Alternative::token))
                .containsExactlyElementsOf(
                        texts(expected.stream().mapToInt(Integer::intValue).toArray()));
        int[] after = Arrays.copyOfRange(trace.responseIds(), at + 1, trace.responseIds().length);
        for (int i = 0; i < expected.size(); i++) {
            PerturbedProblem.Alternative alternative = position.alternatives().get(i);
            int[] ids = expected.get(i) == STOP ? new int[0] : alone(trace, at, expected.get(i));
            assertThat(alternative.tokens()).isEqualTo(ids.length);
            for (int h = 0; h < settings.horizons().size(); h++) {
                assertThat(alternative.jaccard()[h])
                        .as("position %d, alternative %d, horizon %d", at, expected.get(i), h)
                        .isCloseTo(jaccard(after, ids, settings.horizons().get(h)), within(1e-12));
            }
            boolean ended = expected.get(i) == STOP || (ids.length > 0 && ids[ids.length - 1] == STOP);
            int[] changed = IntStream.concat(
                            IntStream.concat(Arrays.stream(trace.responseIds(), 0, at), IntStream.of(expected.get(i))),
                            Arrays.stream(ids))
                    .toArray();
            String answer = answer(changed);
            boolean cut = !ended && answer.endsWith("a");
            assertThat(alternative.answer()).isEqualTo(cut ? null : answer);
            assertThat(alternative.answerChanged())
                    .isEqualTo(cut ? null : Boolean.valueOf(!answer.equals(answer(trace.responseIds()))));
            if (expected.get(i) == own) {
                assertThat(alternative.jaccard())
                        .as("the response's own token changes nothing")
                        .containsOnly(1);
            }
        }
    }

    private static String answer(int[] ids) {
        int[] words = Arrays.stream(ids).filter(id -> id != STOP).toArray();
        return "w" + letters(words[words.length - 1]);
    }

    private static int[] alone(Trace trace, int at, int id) {
        int[] prompt = Arrays.copyOf(trace.ids(), trace.promptIds().length + at + 1);
        prompt[prompt.length - 1] = id;
        Response response = new Generator(DECODER, 1)
                .generate(List.of(prompt), Sampling.greedy(60 - at - 1, Set.of(STOP)))
                .get(0);
        return response.ids();
    }

    private static double jaccard(int[] one, int[] other, int horizon) {
        Set<Integer> first = words(one, horizon);
        Set<Integer> second = words(other, horizon);
        Set<Integer> union = new HashSet<>(first);
        union.addAll(second);
        Set<Integer> common = new HashSet<>(first);
        common.retainAll(second);
        return union.isEmpty() ? 1 : (double) common.size() / union.size();
    }

    private static Set<Integer> words(int[] ids, int horizon) {
        Set<Integer> words = new HashSet<>();
        for (int i = 0; i < Math.min(ids.length, horizon); i++) {
            if (ids[i] != STOP) {
                words.add(ids[i]);
            }
        }
        return words;
    }
}
