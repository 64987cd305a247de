package dev.upbeat.study.perturbation;

import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Speed of continuations that share the keys and values of their common prefix, compared with generating each alone
 * from its whole prompt.
 *
 * @param continuations generated both ways
 * @param tokens their tokens in all
 * @param sharedSeconds all at once
 * @param aloneSeconds one after the other
 * @param ratio alone / shared
 */
public record SharedPrefixSpeed(
        int continuations, int tokens, double sharedSeconds, double aloneSeconds, double ratio) {
    /**
     * @param most largest number of continuations, spread over all positions of the response
     */
    public static SharedPrefixSpeed measure(
            Perturber perturber, Decoder decoder, Trace trace, int most, PerturbationSettings settings) {
        Generator alone = new Generator(decoder, 1);
        int last = trace.responseIds().length - 1;
        int positions = Math.max(1, Math.min(last, most / settings.alternatives()));
        int[] evenly =
                IntStream.range(0, positions).map(i -> i * last / positions).toArray();
        List<Perturber.Planned> planned = perturber.plan(trace, evenly);
        perturber.continuations(trace, planned.subList(0, 1), (prompt, id) -> {}); // warm
        long begin = System.nanoTime();
        List<Response> together = perturber.continuations(trace, planned, (prompt, id) -> {});
        double shared = (System.nanoTime() - begin) / 1e9;
        begin = System.nanoTime();
        int tokens = 0;
        for (Perturber.Planned each : planned) {
            int beginning = trace.promptIds().length + each.position();
            int[] prompt = Arrays.copyOf(trace.ids(), beginning + 1);
            prompt[beginning] = each.candidate().id();
            if (each.most() > 0 && !settings.stopIds().contains(each.candidate().id())) {
                tokens += alone.generate(List.of(prompt), Sampling.greedy(each.most(), settings.stopIds()))
                        .get(0)
                        .ids()
                        .length;
            }
        }
        double one = (System.nanoTime() - begin) / 1e9;
        return new SharedPrefixSpeed(together.size(), tokens, shared, one, one / shared);
    }
}
