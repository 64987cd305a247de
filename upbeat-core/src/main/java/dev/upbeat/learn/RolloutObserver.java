package dev.upbeat.learn;

import dev.upbeat.credit.CreditBatch;
import dev.upbeat.observe.Observed;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Watches a step's responses in one no-grad pass: old log-probs, entropies and rhythm, with the head groups that are due.
 * Responses that nothing is learnt from may be left out.
 */
final class RolloutObserver {
    private final Policy policy;
    private final RhythmOptions options;
    private final int groupsEvery;
    private final boolean observesAll;
    private @Nullable HeadGroups groups;

    /**
     * @param options without fixed groups, or with groups that hold for the whole run
     * @param groupsEvery steps between two choices of head groups, 0 for one choice
     * @param observesAll whether responses without an advantage are observed too
     * @param groups chosen before, null for none yet
     */
    RolloutObserver(
            Policy policy,
            RhythmOptions options,
            int groupsEvery,
            boolean observesAll,
            @Nullable HeadGroups groups) {
        this.policy = policy;
        this.options = options;
        this.groupsEvery = groupsEvery;
        this.observesAll = observesAll;
        this.groups = groups;
    }

    /**
     * What was seen of a step.
     *
     * @param responses numbers of the responses that were observed, ascending, [A], A <= B
     * @param observations [A]
     * @param seconds of the pass
     * @param rhythmSeconds of these, what the rhythm took
     */
    record Seen(int[] responses, List<Observation> observations, double seconds, double rhythmSeconds) {
        /** What credit is asked about. */
        CreditBatch batch(long seed, Rollouts rollouts, float[] advantages) {
            float[] chosen = new float[responses.length];
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = advantages[responses[i]];
                ids.add(rollouts.traces().get(responses[i]).id());
            }
            return new CreditBatch(seed, rollouts.step(), ids, observations, chosen);
        }
    }

    /** @param advantages [B] */
    Seen observe(Rollouts rollouts, float[] advantages) {
        Seconds clock = new Seconds();
        int[] responses = IntStream.range(0, advantages.length)
                .filter(i -> observesAll || advantages[i] != 0)
                .toArray();
        if (responses.length == 0) {
            return new Seen(responses, List.of(), clock.passed(), 0);
        }
        List<Trace> traces =
                Arrays.stream(responses).mapToObj(rollouts.traces()::get).toList();
        boolean due = groups == null || groupsEvery > 0 && rollouts.step() % groupsEvery == 0;
        Observed observed = new Observer(policy.decoder(), due ? options : with(groups)).observe(traces);
        groups = observed.groups();
        return new Seen(responses, observed.observations(), clock.passed(), observed.rhythmSeconds());
    }

    private RhythmOptions with(@Nullable HeadGroups fixed) {
        return options.with(fixed);
    }

    /** The groups in use, null before the first choice. */
    @Nullable HeadGroups groups() {
        return groups;
    }
}
