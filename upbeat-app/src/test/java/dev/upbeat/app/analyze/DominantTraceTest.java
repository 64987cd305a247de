package dev.upbeat.app.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DominantTraceTest {
    private static List<Trace> traces(int... lengths) {
        List<Trace> traces = new ArrayList<>();
        for (int length : lengths) {
            traces.add(new Trace("t" + traces.size(), new int[] {1}, new int[length], null, 1, null));
        }
        return traces;
    }

    @Test
    void aTraceOfOverAThirdOfTheTokensIsNamed() {
        assertThat(DominantTrace.find(traces(10, 34, 16, 20, 20)))
                .hasValue(new DominantTrace("t1", 34, 100))
                .get()
                .extracting(DominantTrace::warning)
                .asString()
                .contains("trace t1 has 34 %", "34 of 100", "--group-weight response", "--heads FILE");
        assertThat(DominantTrace.find(traces(10, 30))).hasValue(new DominantTrace("t1", 30, 40));
    }

    @Test
    void aThirdIsNotOverAThird() {
        assertThat(DominantTrace.find(traces(10, 30, 15, 20, 15))).isEmpty();
    }

    @Test
    void tracesOfEqualLengthAreNotDominated() {
        assertThat(DominantTrace.find(traces(100))).isEmpty();
        assertThat(DominantTrace.find(traces(100, 110))).isEmpty();
        assertThat(DominantTrace.find(traces(100, 120, 100))).isEmpty();
    }
}
