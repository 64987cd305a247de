package dev.upbeat.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.RhythmOptions.Alignment;
import dev.upbeat.testing.RandomTraces;
import dev.upbeat.testing.TinyDecoder;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.RhythmSettings;
import dev.upbeat.trace.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ObserverRefusalTest {
    private static final Decoder DECODER = TinyDecoder.random(TinyDecoder.config(Architecture.LLAMA), 1);
    private static final List<Head> SOME = List.of(new Head(0, 0));

    @AfterAll
    static void close() {
        DECODER.close();
    }

    @Test
    void fixedHeadsOutsideTheModelAreRefused() {
        refuses(List.of(0, 1), groups(List.of(new Head(1, 4)), SOME, List.of()))
                .hasMessageContaining("head 4 of layer 1")
                .hasMessageContaining("local")
                .hasMessageContaining("[0, 1]")
                .hasMessageContaining("0 to 3");
        refuses(List.of(0, 1), groups(SOME, SOME, List.of(new Head(0, -1)))).hasMessageContaining("head -1 of layer 0");
    }

    @Test
    void fixedHeadsOfLayersThatAreNotObservedAreRefused() {
        refuses(List.of(0, 1), groups(SOME, List.of(new Head(2, 0)), List.of()))
                .hasMessageContaining("head 0 of layer 2")
                .hasMessageContaining("global")
                .hasMessageContaining("observe their layers");
    }

    @Test
    void fixedGroupsWithoutLocalOrGlobalHeadsAreRefused() {
        refuses(List.of(0), groups(List.of(), SOME, List.of())).hasMessageContaining("no local head");
        refuses(List.of(0), groups(SOME, List.of(), List.of())).hasMessageContaining("no global head");
    }

    @Test
    void layersThatTheModelDoesNotHaveAreRefused() {
        refuses(List.of(1, 3), null).hasMessageContaining("layer 3").hasMessageContaining("0 to 2");
    }

    @Test
    void idsOutsideTheVocabularyAreRefusedBeforeAnythingRuns() {
        Observer observer = new Observer(DECODER, RhythmOptions.analysis(List.of(0)));
        List<Trace> traces = List.of(
                RandomTraces.of("good", 3, 3, 40), new Trace("odd", new int[] {1}, new int[] {40}, null, 1, null));
        assertThatThrownBy(() -> observer.observe(traces))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("trace odd")
                .hasMessageContaining("id 40")
                .hasMessageContaining("40 tokens (0 to 39)");
        assertThatThrownBy(() -> Observer.score(DECODER, traces)).isInstanceOf(BadInputException.class);
    }

    @Test
    void tracesBeyondTheContextNeedPermission() {
        ModelConfig config = TinyDecoder.config(Architecture.LLAMA, 40, 16, 0);
        List<Trace> traces = List.of(RandomTraces.of("fits", 6, 10, 40), RandomTraces.of("long", 6, 11, 40));
        try (Decoder decoder = TinyDecoder.random(config, 1)) {
            Observer observer = new Observer(decoder, RhythmOptions.analysis(List.of(0, 1)));
            assertThat(observer.observe(traces.subList(0, 1)).observations()).hasSize(1);
            assertThatThrownBy(() -> observer.observe(traces))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContainingAll("trace long has 17 tokens", "context of 16", "beyondContext()");
            assertThat(observer.beyondContext().observe(traces).observations()).hasSize(2);
        }
    }

    @Test
    void noTraceAtAllIsRefused() {
        Observer observer = new Observer(DECODER, RhythmOptions.analysis(List.of(0)));
        assertThatThrownBy(() -> observer.observe(List.of()))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("at least one");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refuses(
            List<Integer> layers, @Nullable HeadGroups groups) {
        RhythmOptions options = new RhythmOptions(
                layers, RhythmSettings.ANALYSIS, true, Alignment.TOKEN, groups, RhythmOptions.Extras.NONE);
        return assertThatThrownBy(() -> new Observer(DECODER, options)).isInstanceOf(BadInputException.class);
    }

    private static HeadGroups groups(List<Head> local, List<Head> global, List<Head> receiver) {
        return ObserverTest.groups(local, global, receiver);
    }
}
