package dev.upbeat.app.figure;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import org.junit.jupiter.api.Test;

class PngCanvasTest {
    /** A response of 400,000 tokens: several gigabytes of pixels. */
    @Test
    void anImageThatIsTooTallIsRejected() {
        assertThatThrownBy(() -> new PngCanvas(900, 500_000))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("1000000 pixels tall", "at most 30000", "--tokens START:END", ".svg");
    }
}
