package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.model.Decoder;
import dev.upbeat.rhythm.LiveRhythm;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.TokenStream;
import dev.upbeat.testing.OneThread;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A response that is written token by token has the tokens of the generator and the rhythm of the observer. */
@ExtendWith(OneThread.class)
class LiveRhythmTest {
    private static final int V = 40;

    /** Collects what the stream gives. */
    private static final class Collector implements TokenStream.Listener {
        private final LiveRhythm rhythm;
        private final int heads;
        private final List<Integer> ids = new ArrayList<>();
        private final List<Float> waad = new ArrayList<>();

        Collector(LiveRhythm rhythm, int heads) {
            this.rhythm = rhythm;
            this.heads = heads;
        }

        @Override
        public boolean wants(int layer) {
            return rhythm.wants(layer);
        }

        @Override
        public void row(int layer, int firstKey, float[] weights) {
            rhythm.add(layer, firstKey, weights, heads);
        }

        @Override
        public boolean drawn(int id, float logProb) {
            ids.add(id);
            return true;
        }

        @Override
        public void attended() {
            waad.add(rhythm.endRow());
        }
    }

    @ParameterizedTest
    @CsvSource({"LLAMA, 0, 1, 5", "QWEN3, 0, 7, 60", "MISTRAL, 9, 5, 40"})
    void streamingEqualsGeneratorAndObserver(Architecture architecture, int window, int prompt, int most) {
        int[] promptIds = new int[prompt];
        for (int i = 0; i < prompt; i++) {
            promptIds[i] = (3 * i + 1) % V;
        }
        Sampling sampling = new Sampling(most, 1, 0, 1, 5, Set.of());
        try (Decoder decoder = TinyDecoder.random(TinyDecoder.config(architecture, V, 1024, window), 1)) {
            Response response = new Generator(decoder, 4)
                    .generate(List.of(promptIds), sampling)
                    .get(0);
            RhythmOptions options = new RhythmOptions(
                    List.of(0, 1, 2),
                    RhythmSettings.ANALYSIS.over(most < 10 ? new Horizon(1, Horizon.END) : new Horizon(2, 20)),
                    false,
                    RhythmOptions.Alignment.TOKEN,
                    null,
                    RhythmOptions.Extras.NONE);
            ObservedTraces observed = new Observer(decoder, options)
                    .observe(List.of(new Trace("a", promptIds, response.ids(), null, 1, null)));
            Observation expected = observed.observations().get(0);
            LiveRhythm rhythm = new LiveRhythm(observed.groups(), prompt, most);
            Collector live = new Collector(rhythm, decoder.config().heads());
            new TokenStream(decoder, sampling).write(promptIds, live);
            assertThat(live.ids.stream().mapToInt(Integer::intValue).toArray()).isEqualTo(response.ids());
            for (int t = 0; t < most; t++) {
                assertThat(live.waad.get(t)).as("WAAD " + t).isCloseTo(expected.waad()[t], within(1e-4f));
                float fai = rhythm.fai()[t];
                if (Float.isNaN(expected.fai()[t])) {
                    assertThat(fai).isNaN();
                } else {
                    assertThat(fai).as("FAI " + t).isCloseTo(expected.fai()[t], within(1e-5f));
                }
            }
        }
    }
}
