package dev.upbeat.credit;

import dev.upbeat.series.RandomStream;
import dev.upbeat.series.Shares;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Credit for ceil(q T) tokens of a response drawn without replacement: the control for every selection. The draw belongs
 * to (seed, step, id) alone.
 */
record RandomTokens(double share, double amplification) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of();
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        Selection drawn = new Selection(share, false, amplification);
        float[][] gamma = new float[batch.size()][];
        for (int b = 0; b < gamma.length; b++) {
            int length = batch.seen().get(b).length();
            gamma[b] = drawn.gamma(draw(
                    length,
                    Shares.count(share, length),
                    stream(batch.seed(), batch.step(), batch.ids().get(b))));
        }
        return gamma;
    }

    private static SplittableRandom stream(long seed, long step, String id) {
        return RandomStream.of(
                seed,
                LongStream.concat(LongStream.of(step), id.chars().asLongStream())
                        .toArray());
    }

    /** Each position is taken with the chance that the rest of the draw still needs: every subset is as likely. */
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
