package dev.upbeat.train;

import dev.upbeat.credit.Credit;
import dev.upbeat.io.BadInputException;
import dev.upbeat.learn.Policy;
import dev.upbeat.observe.GradientNorms;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Trace;
import dev.upbeat.train.config.CreditConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Observes a step's responses in one no-grad pass: old log-probs, entropies and rhythm. Finds head groups at the first
 * step unless they are given, and again after every {@code groupsEvery} steps. Responses with advantage 0 can be left out. If the journal
 * records some of them, a second pass observes them, so that they affect neither head groups nor metrics.
 */
final class RolloutObserver {
    private static final String HEADS = "heads.json";

    /** Series that a training can measure, in the order of messages. */
    private static final List<String> MEASURED = List.of(
            "log_prob",
            "entropy_nats",
            "waad",
            "fai",
            "receiver_fai",
            Observation.PATH_FLOW,
            Observation.HIDDEN_COSINE,
            Observation.FLOW,
            Observation.STEP_INFLUENCE,
            Observation.GRADIENT_NORM,
            Credit.ADVANTAGE);

    /** Series that a judge adds to the observations ({@link StepJudge}). */
    private static final Set<String> JUDGED = Set.of(Observation.STEP_WRONG, Observation.STEP_SCORE);

    /** Series that critics add to the observations ({@link dev.upbeat.learn.Critics}). */
    private static final Set<String> VALUED = Set.of(Observation.VALUE, Observation.VALUE_STD);

    private final Policy policy;
    private final RhythmOptions options;
    private final int groupsEvery;
    private final boolean observesAll;
    private final boolean gradientNorms;
    private final Journal.Rule journal;
    private @Nullable HeadGroups groups;

    /**
     * @param options what is measured; groups are null if they are found in training, else fixed for the whole run
     * @param given head groups of the first step; null to find them
     * @param groupsEvery number of steps after which head groups are found again; 0 for never
     * @param observesAll whether responses with advantage 0 are observed too
     * @param gradientNorms whether {@link GradientNorms} are measured too, in an additional pass
     * @param journal decides which responses are recorded
     */
    RolloutObserver(
            Policy policy,
            RhythmOptions options,
            @Nullable HeadGroups given,
            int groupsEvery,
            boolean observesAll,
            boolean gradientNorms,
            Journal.Rule journal) {
        this.policy = policy;
        this.options = options;
        this.groups = given;
        this.groupsEvery = groupsEvery;
        this.observesAll = observesAll;
        this.gradientNorms = gradientNorms;
        this.journal = journal;
    }

    /** Whether the traces must have the text of each response token. */
    boolean readsTexts() {
        return options.extras().readsTexts();
    }

    /**
     * Rejects series that a training does not measure.
     *
     * @param needs names of the series that the credit reads
     * @param config tells whether a judge or critics add their series
     */
    static void requireMeasured(Set<String> needs, CreditConfig config) {
        for (String name : needs) {
            boolean added = (config.isJudged() && JUDGED.contains(name))
                    || (config.usedCritic() != null && VALUED.contains(name));
            if (!MEASURED.contains(name) && !added) {
                throw new BadInputException("credit: needs the series " + name + ", which a training does not measure;"
                        + " expected some of " + String.join(", ", MEASURED) + ". Fix needs() of the class");
            }
        }
    }

    /**
     * Observes the responses of a step.
     *
     * @param number step number, from 1
     * @param advantages advantage of each response, [B]
     */
    ObservedStep observe(long number, Rollouts rollouts, float[] advantages) {
        Timer clock = new Timer();
        int[] responses = IntStream.range(0, advantages.length)
                .filter(i -> observesAll || advantages[i] != 0)
                .toArray();
        Observation[] observations = new Observation[advantages.length];
        double rhythmSeconds = 0;
        if (responses.length > 0) {
            HeadGroups known = groupsEvery > 0 && (number - 1) % groupsEvery == 0 ? null : groups;
            ObservedTraces observed = observe(rollouts, responses, known);
            groups = observed.groups();
            rhythmSeconds = observed.rhythmSeconds();
            for (int i = 0; i < responses.length; i++) {
                observations[responses[i]] = observed.observations().get(i);
            }
        }
        ObservedStep seen = new ObservedStep(Arrays.asList(observations), found(), clock.seconds(), rhythmSeconds);
        int[] unseen = IntStream.range(0, Math.min(journal.records(number), advantages.length))
                .filter(i -> observations[i] == null)
                .toArray();
        return unseen.length == 0 ? seen : withRecorded(seen, rollouts, unseen);
    }

    /**
     * Adds responses that are observed only to be recorded. Their head groups are those found last; before any are
     * found, those of these responses.
     */
    private ObservedStep withRecorded(ObservedStep seen, Rollouts rollouts, int[] responses) {
        Timer clock = new Timer();
        ObservedTraces observed = observe(rollouts, responses, groups);
        Map<Integer, Observation> recorded = new HashMap<>();
        for (int i = 0; i < responses.length; i++) {
            recorded.put(responses[i], observed.observations().get(i));
        }
        boolean foundHere = options.groups() == null && groups == null;
        return new ObservedStep(
                seen.observations(),
                foundHere ? observed.groups() : seen.groups(),
                seen.seconds(),
                seen.rhythmSeconds(),
                new ObservedStep.Recorded(recorded, clock.seconds()));
    }

    /**
     * @param known head groups to use; null for the fixed groups or, if none are fixed, to find groups from these
     *     responses
     */
    private ObservedTraces observe(Rollouts rollouts, int[] responses, @Nullable HeadGroups known) {
        List<Trace> traces =
                Arrays.stream(responses).mapToObj(rollouts.traces()::get).toList();
        ObservedTraces observed =
                new Observer(policy.decoder(), known == null ? options : options.with(known)).observe(traces);
        return gradientNorms
                ? new ObservedTraces(
                        observed.groups(),
                        withGradientNorms(observed.observations(), traces),
                        observed.rhythmSeconds(),
                        observed.perHead(),
                        observed.further())
                : observed;
    }

    private List<Observation> withGradientNorms(List<Observation> observations, List<Trace> traces) {
        List<float[]> norms = GradientNorms.of(policy.decoder(), traces);
        return IntStream.range(0, norms.size())
                .mapToObj(i -> observations.get(i).with(Observation.GRADIENT_NORM, norms.get(i)))
                .toList();
    }

    /** The head groups found last; null before the first observation, or if the groups are fixed. */
    private @Nullable HeadGroups found() {
        return options.groups() == null ? groups : null;
    }

    /** Saves the head groups found last, for a resumed run. */
    void save(Path directory) throws IOException {
        HeadGroups found = found();
        if (found != null) {
            HeadsFile.write(directory.resolve(HEADS), found);
        }
    }

    void load(Path directory) throws IOException {
        if (Files.exists(directory.resolve(HEADS))) {
            groups = HeadsFile.read(directory.resolve(HEADS));
        }
    }
}
