package dev.upbeat.train;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Observes a step's responses in one no-grad pass: old log-probs, entropies and rhythm. Finds new head groups at the first
 * step and whenever they are due. Responses without an advantage can be left out; those that the journal records are then
 * observed apart, so that they affect neither head groups nor metrics.
 */
final class RolloutObserver {
    private static final String HEADS = "heads.json";

    private final Policy policy;
    private final RhythmOptions options;
    private final int groupsEvery;
    private final boolean observesAll;
    private final boolean gradientNorms;
    private final Journal.Rule journal;
    private @Nullable HeadGroups groups;

    /**
     * @param options what is measured; groups are null if they are found in training, else fixed for the whole run
     * @param groupsEvery number of steps after which head groups are found again; 0 to find them once
     * @param observesAll whether responses without an advantage are observed too
     * @param gradientNorms whether {@link GradientNorms} are measured too, in an additional pass
     * @param journal decides which responses are recorded
     */
    RolloutObserver(
            Policy policy,
            RhythmOptions options,
            int groupsEvery,
            boolean observesAll,
            boolean gradientNorms,
            Journal.Rule journal) {
        this.policy = policy;
        this.options = options;
        this.groupsEvery = groupsEvery;
        this.observesAll = observesAll;
        this.gradientNorms = gradientNorms;
        this.journal = journal;
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
            HeadGroups held = groupsEvery > 0 && (number - 1) % groupsEvery == 0 ? null : groups;
            ObservedTraces observed = observe(rollouts, responses, held);
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

    /** Adds observations of further responses, with the head groups found last or, before the first, with their own. */
    private ObservedStep withRecorded(ObservedStep seen, Rollouts rollouts, int[] responses) {
        Timer clock = new Timer();
        ObservedTraces observed = observe(rollouts, responses, groups);
        Map<Integer, Observation> recorded = new HashMap<>();
        for (int i = 0; i < responses.length; i++) {
            recorded.put(responses[i], observed.observations().get(i));
        }
        boolean own = options.groups() == null && groups == null;
        return new ObservedStep(
                seen.observations(),
                own ? observed.groups() : seen.groups(),
                seen.seconds(),
                seen.rhythmSeconds(),
                new ObservedStep.Recorded(recorded, clock.seconds()));
    }

    /** @param held head groups; null if they are fixed, or found in these responses */
    private ObservedTraces observe(Rollouts rollouts, int[] responses, @Nullable HeadGroups held) {
        List<Trace> traces =
                Arrays.stream(responses).mapToObj(rollouts.traces()::get).toList();
        ObservedTraces observed =
                new Observer(policy.decoder(), held == null ? options : options.with(held)).observe(traces);
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
