package dev.upbeat.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    /** What runs, puzzles and samples of earlier days were drawn with: another order of the same bits would be others. */
    @Test
    void everyKeyChangesTheStream() {
        SplittableRandom seeded = new SplittableRandom(7);
        SplittableRandom step = new SplittableRandom(seeded.nextLong() ^ 3);
        SplittableRandom sample = new SplittableRandom(step.nextLong() ^ 5);
        assertThat(RandomStream.of(7, 3, 5).longs(100).toArray())
                .containsExactly(sample.longs(100).toArray());
        assertThat(RandomStream.of(7).nextLong()).isEqualTo(new SplittableRandom(7).nextLong());
    }

    @Test
    void neighbouringSeedsAndKeysShareNoStream() {
        Set<Long> first = new HashSet<>();
        for (long seed = 0; seed < 40; seed++) {
            for (long step = 0; step < 40; step++) {
                for (long sample = 0; sample < 40; sample++) {
                    first.add(RandomStream.of(seed, step, sample).nextLong());
                }
            }
        }
        assertThat(first).hasSize(40 * 40 * 40);
    }
}
