package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.io.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    /** Embedding and head 2 x 80, attention 64 + 32 + 32 + 64, MLP 3 x 32, norms 3 x 8: 472 weights, the largest matrix has 80. */
    private static final ModelConfig MODEL = new ModelConfig(
            Architecture.LLAMA,
            1,
            8,
            2,
            1,
            4,
            4,
            10,
            16,
            1e-5,
            1e4,
            new RopeScaling.None(),
            false,
            false,
            false,
            false,
            false,
            List.of(0),
            "float32",
            List.of(1));

    @Test
    void aModelNeedsTwentyBytesAWeightOfTheMachine() {
        assertThatCode(() -> MemoryCheck.require(MODEL, 20 * 472, 1_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.require(MODEL, 20 * 472 - 1, 1_000))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("architecture: has 472 weights", "this machine has");
    }

    @Test
    void theLargestMatrixFitsInHalfTheHeap() {
        assertThatCode(() -> MemoryCheck.require(MODEL, 1 << 20, 2 * 4 * 80)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.require(MODEL, 1 << 20, 2 * 4 * 80 - 2))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("the largest matrix takes", "UPBEAT_JAVA_OPTS");
    }
}
