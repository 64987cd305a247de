package dev.upbeat.linkage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkTest {
    @Test
    void aChunkRunsFromOnePeakToTheTokenBeforeTheNext() {
        float[] waad = {1, 2, 9, 4, 3, 8, 1, 1, 1, 1}; // peaks at 2 and 5
        assertThat(Chunk.of(waad, 0.3))
                .containsExactly(new Chunk(0, 2, null), new Chunk(2, 5, 6.0), new Chunk(5, 10, 7.0));
    }

    @Test
    void aResponseWithoutAPeakIsOneChunk() {
        assertThat(Chunk.of(new float[] {2, 2, 2}, 0.3)).containsExactly(new Chunk(0, 3, null));
        assertThat(Chunk.of(new float[] {5}, 0.3)).containsExactly(new Chunk(0, 1, null));
        assertThat(Chunk.of(new float[0], 0.3)).isEmpty();
    }

    @Test
    void aPeakAtTheFirstTokenHasNoTokensBeforeIt() {
        assertThat(Chunk.of(new float[] {9, 1, 1}, 0.3)).containsExactly(new Chunk(0, 3, 8.0));
    }

    @Test
    void chunksCoverTheResponse() {
        Seeds.forEach(200, random -> {
            float[] waad = new float[random.nextInt(1, 60)];
            for (int t = 0; t < waad.length; t++) {
                waad[t] = random.nextInt(8);
            }
            List<Chunk> chunks = Chunk.of(waad, 0.3);
            int end = 0;
            for (Chunk chunk : chunks) {
                assertThat(chunk.start()).isEqualTo(end);
                assertThat(chunk.tokens()).isPositive();
                end = chunk.end();
            }
            assertThat(end).isEqualTo(waad.length);
        });
    }
}
