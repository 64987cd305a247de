package dev.upbeat.credit;

import dev.upbeat.series.RandomStream;
import dev.upbeat.series.Shares;
import dev.upbeat.series.TopQ.Ties;
import dev.upbeat.trace.Step;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Amplifies ceil(q T) tokens of a response, drawn without replacement: the control for every selection. The draw
 * depends only on (seed, step, id).
 */
record RandomTokens(double share, double amplification) implements GammaCredit {
    @Override
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public Gamma gamma(Step step) {
        Selection drawn = new Selection(share, false, amplification, Ties.EARLIER);
        float[][] gamma = new float[step.size()][];
        for (int i = 0; i < gamma.length; i++) {
            int length = step.length(i);
            SplittableRandom random =
                    stream(step.seed(), step.number(), step.ids().get(i));
            gamma[i] = drawn.gamma(draw(length, Shares.count(share, length), random));
        }
        return new Gamma(gamma);
    }

    private static SplittableRandom stream(long seed, long step, String id) {
        return RandomStream.of(
                seed,
                LongStream.concat(LongStream.of(step), id.chars().asLongStream())
                        .toArray());
    }

    /** Selection sampling: every subset of {@code count} positions has the same probability. */
    private static boolean[] draw(int length, int count, SplittableRandom random) {
        boolean[] drawn = new boolean[length];
        int left = count;
        for (int t = 0; t < length; t++) {
            drawn[t] = random.nextInt(length - t) < left;
            left -= drawn[t] ? 1 : 0;
        }
        return drawn;
    }
}
