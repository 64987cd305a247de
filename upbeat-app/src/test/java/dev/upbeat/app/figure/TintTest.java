package dev.upbeat.app.figure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TintTest {
    @Test
    void strikingValuesAreDarker() {
        Tint high = new Tint(new float[] {1, 2, 3, Float.NaN}, false);
        assertThat(high.of(1)).isEqualTo(Tint.colour(0));
        assertThat(high.of(3)).isEqualTo(Tint.colour(1));
        Tint low = new Tint(new float[] {-3, -2, -1}, true);
        assertThat(low.of(-3)).isEqualTo(Tint.colour(1));
        assertThat(low.of(-1)).isEqualTo(Tint.colour(0));
    }

    /** Colours of the report's page at both ends, read in a browser. */
    @Test
    void theRampIsThatOfThePage() {
        assertThat(Tint.colour(0)).isEqualTo("#f4fcfc");
        assertThat(Tint.colour(1)).isEqualTo("#499fe3");
    }

    @Test
    void equalValuesArePale() {
        assertThat(new Tint(new float[] {1, Math.nextUp(1f)}, false).of(Math.nextUp(1f)))
                .isEqualTo(Tint.colour(0));
    }
}
