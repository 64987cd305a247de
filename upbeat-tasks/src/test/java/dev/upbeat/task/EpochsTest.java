package dev.upbeat.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EpochsTest {
    @Test
    void everyProblemComesOncePerEpoch() {
        int[] seen = LongStream.range(0, 10)
                .flatMap(step -> Arrays.stream(Epochs.indices(3, step, 7, 35)).asLongStream())
                .mapToInt(Math::toIntExact)
                .toArray();
        int[] all = IntStream.range(0, 35).toArray();
        assertThat(Arrays.copyOfRange(seen, 0, 35)).containsExactlyInAnyOrder(all);
        assertThat(Arrays.copyOfRange(seen, 35, 70)).containsExactlyInAnyOrder(all);
        assertThat(Arrays.copyOfRange(seen, 0, 35)).isNotEqualTo(Arrays.copyOfRange(seen, 35, 70));

        int[] first = Epochs.indices(3, 0, 4, 6);
        int[] second = Epochs.indices(3, 1, 4, 6); // two of the first epoch, two of the second
        int[] epoch = {first[0], first[1], first[2], first[3], second[0], second[1]};
        assertThat(epoch).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void theOrderDependsOnSeedAndStepOnly() {
        assertThat(Epochs.indices(5, 17, 32, 1000)).isEqualTo(Epochs.indices(5, 17, 32, 1000));
        assertThat(Epochs.indices(6, 17, 32, 1000)).isNotEqualTo(Epochs.indices(5, 17, 32, 1000));
    }

    @Test
    void aStepMayAskForMoreProblemsThanThereAre() {
        assertThat(Arrays.stream(Epochs.indices(0, 0, 9, 3)).boxed()).containsOnly(0, 1, 2);
        assertThatThrownBy(() -> Epochs.indices(0, -1, 9, 3)).hasMessageContaining("step -1");
    }
}
