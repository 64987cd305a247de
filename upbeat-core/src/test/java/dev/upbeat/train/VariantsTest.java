package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.learn.OverlongPenalty;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.series.TopQ;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.OneThread;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each variant of a training is one line of its configuration; here is what the line changes. All runs draw the same eight
 * responses in their first step, and observe them all, for a KL term asks for that.
 */
@ExtendWith(OneThread.class)
class VariantsTest {
    private static final int RESPONSES = 8;
    private static final int MOST_TOKENS = 30;

    @TempDir
    private static Path shared;

    private static Path plain;

    @BeforeAll
    static void trainWithoutAVariant() throws IOException {
        TinyRuns.model(shared);
        plain = train("plain");
    }

    private static Path train(String name, String... variant) throws IOException {
        List<String> overrides = new ArrayList<>(List.of(
                "out=" + shared.resolve(name),
                "learn.steps=2",
                "learn.minibatch=" + RESPONSES,
                "learn.kl=0.001",
                "eval.every=0",
                "checkpoint.every=1",
                "checkpoint.keep_last=2",
                "journal.traces_every=1",
                "journal.traces=" + RESPONSES));
        for (String word : variant) {
            String key = word.substring(0, word.indexOf('=') + 1);
            overrides.removeIf(other -> other.startsWith(key));
        }
        overrides.addAll(List.of(variant));
        TinyRuns.train(TinyRuns.grpo(shared, overrides.toArray(String[]::new)));
        return shared.resolve(name);
    }

    /** The last line of metrics.jsonl of a run whose responses a rounded copy draws. */
    @Test
    void anInt8CopyDrawsAndItsMismatchIsMeasured() throws IOException {
        Path run = train("int8", "rollout.weights=int8", "learn.rollout_is=token", "learn.rollout_is_threshold=1.5");
        JsonNode line = TinyRuns.line(run, 1);
        assertThat(line.get("rollout/logprob_diff_mean").doubleValue()).isBetween(1e-6, 0.05);
        assertThat(line.get("rollout/logprob_diff_max").doubleValue())
                .isGreaterThan(line.get("rollout/logprob_diff_mean").doubleValue());
        assertThat(line.get("rollout/effective_share").doubleValue()).isBetween(0.9, 1 - 1e-9);
        assertThat(TinyRuns.line(plain, 1).has("rollout/logprob_diff_mean")).isFalse();

        Path uncorrected = train("int8 uncorrected", "rollout.weights=int8");
        assertThat(TinyRuns.line(uncorrected, 0).get("reward"))
                .isEqualTo(TinyRuns.line(run, 0).get("reward"));
        assertThat(TinyRuns.line(uncorrected, 0).get("loss"))
                .isNotEqualTo(TinyRuns.line(run, 0).get("loss"));
    }

    private static List<RunRow> firstStep(Path run) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(run).forEachTrace(row -> {
            if (Objects.requireNonNull(row.place()).step() == 1) {
                rows.add(row);
            }
        });
        return rows;
    }

    private static double metric(Path run, int step, String name) throws IOException {
        return TinyRuns.line(run, step - 1).path(name).doubleValue();
    }

    private static float[] gamma(RunRow row) {
        return Objects.requireNonNull(row.seen().columns().get("gamma"));
    }

    private static double advantage(RunRow row) {
        return Objects.requireNonNull(row.place()).advantage();
    }

    private static double sum(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(t -> values[t]).sum();
    }

    /** The surrogate of the first gradient step, where every ratio is 1. */
    private static double loss(List<RunRow> rows, ToDoubleFunction<RunRow> tokenWeight) {
        return -rows.stream()
                .mapToDouble(row -> advantage(row) * sum(gamma(row)) * tokenWeight.applyAsDouble(row))
                .sum();
    }

    private static double ofTokensThenResponses(RunRow row) {
        return 1.0 / (RESPONSES * row.seen().length());
    }

    @Test
    void theLossIsAveragedAsItsNameSays() throws IOException {
        List<RunRow> rows = firstStep(plain);
        assertThat(rows).hasSize(RESPONSES);
        double tokens = rows.stream().mapToDouble(row -> row.seen().length()).sum();
        assertThat(metric(plain, 1, "loss"))
                .isNotZero()
                .isCloseTo(loss(rows, VariantsTest::ofTokensThenResponses), within(1e-5));
        assertThat(metric(train("token-mean", "learn.loss=token-mean"), 1, "loss"))
                .isCloseTo(loss(rows, row -> 1 / tokens), within(1e-5));
        assertThat(metric(train("sum-norm", "learn.loss=seq-mean-token-sum-norm"), 1, "loss"))
                .isCloseTo(loss(rows, row -> 1.0 / (RESPONSES * MOST_TOKENS)), within(1e-5));
    }

    @Test
    void anEntropyRewardLowersTheLossByTheMeanEntropy() throws IOException {
        double entropy = firstStep(plain).stream()
                .mapToDouble(row -> sum(row.seen().entropyNats()) * ofTokensThenResponses(row))
                .sum();
        assertThat(metric(train("entropy", "learn.entropy=0.01"), 1, "loss"))
                .isCloseTo(metric(plain, 1, "loss") - 0.01 * entropy, within(1e-5));
    }

    @Test
    void aKlTermMeasuresHowFarTheWeightsHaveGone() throws IOException {
        assertThat(metric(plain, 1, "kl")).as("before the first update").isCloseTo(0, within(1e-9));
        assertThat(metric(plain, 2, "kl")).isPositive();
        Path without = train("without-kl", "learn.kl=0");
        assertThat(metric(without, 2, "kl")).isZero();
        assertThat(firstStep(without)).as("recorded").hasSameSizeAs(firstStep(plain));
        assertThat(firstStep(plain)).anyMatch(row -> advantage(row) == 0);
        assertThat(metric(without, 1, "entropy"))
                .as("metrics are those of the responses with an advantage")
                .isCloseTo(entropy(firstStep(plain), row -> advantage(row) != 0), within(1e-5));
        assertThat(metric(plain, 1, "entropy"))
                .as("a KL term needs all responses")
                .isCloseTo(entropy(firstStep(plain), row -> true), within(1e-5))
                .isNotCloseTo(metric(without, 1, "entropy"), within(1e-5));
        double surprise = firstStep(plain).stream()
                .mapToDouble(row -> -sum(row.seen().logProbs()))
                .sum();
        double tokens = firstStep(plain).stream()
                .mapToDouble(row -> row.seen().length())
                .sum();
        assertThat(metric(plain, 1, "entropy_all"))
                .as("an estimate from all responses, whichever are observed")
                .isCloseTo(surprise / tokens, within(1e-4))
                .isEqualTo(metric(without, 1, "entropy_all"));
        assertThat(metric(plain, 1, "completions/observed_share")).isEqualTo(1);
        assertThat(metric(without, 1, "completions/observed_share")).isStrictlyBetween(0.0, 1.0);
    }

    private static double entropy(List<RunRow> rows, Predicate<RunRow> included) {
        return rows.stream()
                .filter(included)
                .flatMapToDouble(row -> IntStream.range(0, row.seen().length())
                        .mapToDouble(t -> row.seen().entropyNats()[t]))
                .average()
                .orElseThrow();
    }

    @Test
    void maskedTruncatedResponsesCountInTheDenominatorOnly() throws IOException {
        List<RunRow> rows = firstStep(plain);
        List<RunRow> whole =
                rows.stream().filter(row -> row.seen().length() < MOST_TOKENS).toList();
        assertThat(1 - (double) whole.size() / RESPONSES)
                .isPositive()
                .isEqualTo(metric(plain, 1, "completions/clipped_ratio"));
        assertThat(metric(train("mask", "learn.overlong=mask"), 1, "loss"))
                .isCloseTo(loss(whole, VariantsTest::ofTokensThenResponses), within(1e-5));
    }

    @Test
    void punishedTruncatedResponsesHaveLessReward() throws IOException {
        List<RunRow> rows = firstStep(plain);
        List<RunRow> punished = firstStep(train("punish", "learn.overlong=punish"));
        OverlongPenalty penalty = new OverlongPenalty(MOST_TOKENS, MOST_TOKENS / 5);
        for (int i = 0; i < RESPONSES; i++) {
            assertThat(punished.get(i).trace().responseIds())
                    .isEqualTo(rows.get(i).trace().responseIds());
            assertThat(punished.get(i).trace().reward())
                    .isEqualTo(Objects.requireNonNull(rows.get(i).trace().reward())
                            + penalty.of(rows.get(i).seen().length()));
        }
    }

    @Test
    void anOpenHorizonDefinesTheFaiOfEveryToken() throws IOException {
        assertThat(firstStep(plain))
                .allSatisfy(row -> assertThat(undefined(row.seen().fai()))
                        .as("[2, 20]")
                        .isEqualTo(Math.min(2, row.seen().length())));
        assertThat(firstStep(train("open", "rhythm.horizon=[0, end]")))
                .allSatisfy(row -> assertThat(undefined(row.seen().fai())).isZero());
    }

    private static long undefined(float[] series) {
        return IntStream.range(0, series.length)
                .filter(t -> Float.isNaN(series[t]))
                .count();
    }

    @Test
    void groupsChosenOnceStay() throws IOException {
        Path once = train("once", "rhythm.groups=once");
        assertThat(heads(once, 2)).isEqualTo(heads(once, 1));
        Path every = train("every", "rhythm.groups=every-step");
        assertThat(heads(every, 1)).isEqualTo(heads(once, 1));
        assertThat(heads(every, 2)).isNotEqualTo(heads(every, 1));
    }

    private static String heads(Path run, int step) throws IOException {
        return Files.readString(run.resolve("checkpoint-" + step + "/trainer/heads.json"));
    }

    @Test
    void predictorAlignmentUsesThePredictingRow() throws IOException {
        List<RunRow> rows = firstStep(train("predictor", "rhythm.alignment=predictor"));
        ObservedTraces predictor = observe(rows, Alignment.PREDICTOR);
        ObservedTraces token = observe(rows, Alignment.TOKEN);
        for (int i = 0; i < RESPONSES; i++) {
            assertThat(rows.get(i).seen().waad())
                    .containsExactly(predictor.observations().get(i).waad(), within(1e-4f));
            assertThat(token.observations().get(i).waad())
                    .containsExactly(firstStep(plain).get(i).seen().waad(), within(1e-4f))
                    .isNotEqualTo(rows.get(i).seen().waad());
        }
    }

    @Test
    void allHeadsMeansTheMeanOverEveryCandidate() throws IOException {
        List<RunRow> rows = firstStep(train("all", "credit.heads=all"));
        ObservedTraces seen = observe(rows, Alignment.TOKEN);
        for (int i = 0; i < RESPONSES; i++) {
            List<HeadRhythm> heads = seen.perHead().get(i);
            assertThat(heads).as("2 layers of 2 heads").hasSize(4);
            assertThat(rows.get(i).seen().waad()).containsExactly(mean(heads, HeadRhythm::waad), within(1e-4f));
            float[] fai = mean(heads, HeadRhythm::fai);
            for (int t = 0; t < fai.length; t++) {
                float value = rows.get(i).seen().fai()[t];
                assertThat(Float.isNaN(fai[t]) ? Float.isNaN(value) : Math.abs(value - fai[t]) < 1e-5)
                        .isTrue();
            }
        }
    }

    private static float[] mean(List<HeadRhythm> heads, Function<HeadRhythm, float[]> series) {
        float[] mean = new float[series.apply(heads.get(0)).length];
        for (int t = 0; t < mean.length; t++) {
            double sum = 0;
            for (HeadRhythm head : heads) {
                sum += series.apply(head)[t];
            }
            mean[t] = (float) (sum / heads.size());
        }
        return mean;
    }

    /** By the model that training starts from. */
    private static ObservedTraces observe(List<RunRow> rows, Alignment alignment) throws IOException {
        RhythmOptions options = new RhythmOptions(
                List.of(1, 2),
                RhythmSettings.ANALYSIS.over(new Horizon(2, 20)),
                false,
                alignment,
                null,
                RhythmOptions.Extras.NONE);
        return observe(rows, options);
    }

    private static ObservedTraces observe(List<RunRow> rows, RhythmOptions options) throws IOException {
        try (Checkpoint start = Checkpoint.open(shared.resolve("sft/checkpoint-6"));
                Decoder decoder = Decoder.load(start.config(), start.weights(), Dtype.F32)) {
            return new Observer(decoder, options)
                    .observe(rows.stream().map(RunRow::trace).toList(), RESPONSES, traces -> {});
        }
    }

    @Test
    void weightsByValueNormAreThoseOfTheObserver() throws IOException {
        Path run = train("value-norm", "rhythm.weights=value-norm");
        List<RunRow> rows = firstStep(run);
        RhythmSettings settings =
                RhythmSettings.ANALYSIS.over(new Horizon(2, 20)).with(AttentionWeights.VALUE_NORM);
        RhythmOptions options =
                new RhythmOptions(List.of(1, 2), settings, false, Alignment.TOKEN, null, RhythmOptions.Extras.NONE);
        ObservedTraces seen = observe(rows, options);
        for (int i = 0; i < RESPONSES; i++) {
            assertThat(rows.get(i).seen().waad())
                    .containsExactly(seen.observations().get(i).waad(), within(1e-4f))
                    .isNotEqualTo(firstStep(plain).get(i).seen().waad());
            assertThat(rows.get(i).seen().logProbs())
                    .isEqualTo(firstStep(plain).get(i).seen().logProbs());
        }
        assertThat(HeadsFile.read(run.resolve("heads.json")).settings().weights())
                .isEqualTo(AttentionWeights.VALUE_NORM);
    }

    @Test
    void receiversSelectTheAnchors() throws IOException {
        List<RunRow> rows = firstStep(
                train("receivers", "credit.heads=receivers", "credit.strategy=global-anchor", "rhythm.receivers=true"));
        for (RunRow row : rows) {
            float[] receiverFai = Objects.requireNonNull(row.seen().receiverFai());
            boolean[] anchor = TopQ.mask(receiverFai, 0.4, TopQ.Ties.EARLIER);
            for (int t = 0; t < anchor.length; t++) {
                assertThat(gamma(row)[t]).isEqualTo(anchor[t] ? 1.5f : 1);
            }
        }
        assertThat(rows).anySatisfy(row -> assertThat(sum(gamma(row))).isGreaterThan(gamma(row).length));
    }

    @Test
    void negativeAdvantagesHaveTheirOwnAmplification() throws IOException {
        List<RunRow> rows =
                firstStep(train("apart", "credit.strategy=global-anchor", "credit.amplification_negative=1.25"));
        assertThat(rows)
                .anySatisfy(row -> assertThat(gamma(row)).contains(1.5f))
                .anySatisfy(row -> assertThat(gamma(row)).contains(1.25f))
                .allSatisfy(row -> assertThat(gamma(row)).doesNotContain(advantage(row) < 0 ? 1.5f : 1.25f));
    }

    @Test
    void aSignWeightsNoOtherAdvantages() throws IOException {
        List<RunRow> rows = firstStep(train("negative", "credit.sign=negative"));
        assertThat(rows)
                .anyMatch(row -> advantage(row) > 0)
                .anyMatch(row -> advantage(row) < 0 && sum(gamma(row)) > gamma(row).length)
                .filteredOn(row -> advantage(row) >= 0)
                .allSatisfy(row -> assertThat(gamma(row)).containsOnly(1));
    }

    @Test
    void normalizedWeightsHaveAMeanOfOneInEachResponse() throws IOException {
        for (RunRow row : firstStep(train("normalized", "credit.normalize=mean"))) {
            float[] gamma = gamma(row);
            assertThat(sum(gamma) / gamma.length).isCloseTo(1, within(1e-6));
        }
        assertThat(firstStep(plain))
                .as("they are not, where nothing is said")
                .anyMatch(row -> sum(gamma(row)) / gamma(row).length > 1.01);
    }
}
