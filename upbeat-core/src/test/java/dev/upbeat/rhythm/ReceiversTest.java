package dev.upbeat.rhythm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Head;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReceiversTest {
    private static final float NAN = Float.NaN;

    @Test
    void theScoreIsTheMeanKurtosisOfCountedResponses() {
        float[] flat = {1, 1, 1, 1}; // no variance: does not count
        Receivers receivers = new Receivers(List.of(0), 2);
        receivers.add(0, new float[][] {{1, 2, 3, 4}, flat}); // -1.36
        receivers.add(0, new float[][] {{0, 0, NAN, 0, 0, 1, NAN}, flat}); // 0.25
        receivers.add(0, new float[][] {{1, 2, 9, NAN}, flat}); // 3 defined values: does not count
        receivers.add(0, new float[][] {{2, 2, 2, 2}, flat}); // no variance: does not count
        double[] scores = receivers.scores().getOrDefault(0, new double[0]);
        assertThat(scores[0]).isCloseTo((-1.36 + 0.25) / 2, within(1e-12));
        assertThat(scores[1]).as("no response counts").isNaN();
    }

    @Test
    void addingTheSumsOfOthersIsAddingTheirResponses() {
        Receivers first = new Receivers(List.of(0), 1);
        first.add(0, new float[][] {{1, 2, 3, 4}});
        Receivers second = new Receivers(List.of(0), 1);
        second.add(0, new float[][] {{0, 0, 0, 0, 1}});
        first.add(second);
        assertThat(first.scores().getOrDefault(0, new double[0])[0]).isCloseTo((-1.36 + 0.25) / 2, within(1e-12));
    }

    @Test
    void unknownLayersAndHeadsAreRejected() {
        Receivers receivers = new Receivers(List.of(2), 3);
        assertThatIllegalArgumentException().isThrownBy(() -> receivers.add(1, new float[3][4]));
        assertThatIllegalArgumentException().isThrownBy(() -> receivers.add(2, new float[2][4]));
    }

    @Test
    void receiversAreTheHeadsOfHighestScore() {
        // n = 11, ceil(0.1 * 11) = 2
        assertThat(Receivers.of(oneLayer(1, 9, 2, 3, 8, 1, 1, 1, 1, 1, 1), 0.1))
                .containsExactly(new Head(0, 1), new Head(0, 4));
    }

    @Test
    void receiverTiesGoToTheLowerLayerAndHead() {
        SortedMap<Integer, double[]> scores =
                new TreeMap<>(Map.of(6, new double[] {9, 9, 1}, 5, new double[] {2, 9, 1}));
        assertThat(Receivers.of(scores, 0.3)).containsExactly(new Head(5, 1), new Head(6, 0));
    }

    @Test
    void aHeadWithoutScoreIsNotAReceiver() {
        // n = 4, ceil(0.5 * 4) = 2, with a negative score still a score
        assertThat(Receivers.of(oneLayer(NAN, -1, NAN, -2), 0.5)).containsExactly(new Head(0, 1), new Head(0, 3));
        assertThat(Receivers.of(oneLayer(NAN, -1, NAN, NAN), 0.5)).containsExactly(new Head(0, 1));
    }

    @Test
    void whereNoResponseCountsThereAreNoReceivers() {
        assertThat(Receivers.of(oneLayer(NAN, NAN), 0.1)).isEmpty();
    }

    @Test
    void aShareOfReceiversThatIsNoneIsRefused() {
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> Receivers.of(oneLayer(1, 2), 0))
                .withMessageContaining("rho_r")
                .withMessageContaining("0.0");
    }

    private static SortedMap<Integer, double[]> oneLayer(double... values) {
        return new TreeMap<>(Map.of(0, values));
    }
}
