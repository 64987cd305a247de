package dev.upbeat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.testing.OneThread;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.RhythmSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code rhythm.heads: FILE}. The model has 3 layers of 2 heads; training observes the layers 1 and 2. */
@ExtendWith(OneThread.class)
class GivenHeadsTest {
    private static final Head LOCAL = new Head(1, 1);
    private static final Head GLOBAL = new Head(1, 0);
    private static final float[] SPANS = {3, 4};

    @TempDir
    private static Path shared;

    @BeforeAll
    static void makeTheModel() throws IOException {
        TinyRuns.model(shared);
    }

    private static Path file(String name, Map<Integer, float[]> spans, Head local, Head... receiver)
            throws IOException {
        HeadGroups groups = new HeadGroups(
                List.copyOf(new TreeMap<>(spans).keySet()),
                new TreeMap<>(spans),
                List.of(local),
                List.of(GLOBAL),
                List.of(receiver),
                new RhythmSettings(0.2, 0.05, 5, new Horizon(1, 7)));
        HeadsFile.write(shared.resolve(name), groups);
        return shared.resolve(name);
    }

    private static String[] options(String out, Path heads, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "out=" + shared.resolve(out), "rhythm.heads=" + heads, "journal.traces_every=1", "eval.every=0"));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    private static void refused(String[] options, String... parts) throws IOException {
        assertThatThrownBy(() -> TinyRuns.train(TinyRuns.grpo(shared, options)))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
        assertThat(shared.resolve("refused")).doesNotExist();
    }

    @Test
    void everyStepUsesTheHeadsOfTheFile() throws IOException {
        Path heads = file("own.json", Map.of(1, SPANS), LOCAL);
        TinyRuns.train(TinyRuns.grpo(shared, options("own", heads, "learn.steps=3")));
        HeadGroups recorded = HeadsFile.read(shared.resolve("own/heads.json"));
        assertThat(recorded.local()).containsExactly(LOCAL);
        assertThat(recorded.global()).containsExactly(GLOBAL);
        assertThat(recorded.settings().rho()).isEqualTo(0.2);
        assertThat(recorded.settings().horizon()).isEqualTo(new Horizon(2, 20));
        assertThat(shared.resolve("own/checkpoint-3/trainer/heads.json"))
                .hasSameTextualContentAs(shared.resolve("own/heads.json"));
    }

    @Test
    void theHeadsThatTrainingWouldFindGiveTheSameMetrics() throws IOException {
        TinyRuns.train(TinyRuns.grpo(
                shared, "out=" + shared.resolve("found"), "learn.steps=1", "eval.every=0", "journal.traces=8"));
        Path heads = shared.resolve("found/heads.json");
        TinyRuns.train(TinyRuns.grpo(shared, options("again", heads, "learn.steps=1", "journal.traces=8")));
        assertThat(TinyRuns.metrics(shared.resolve("again"))).isEqualTo(TinyRuns.metrics(shared.resolve("found")));
        List<RunRow> found = rows("found");
        List<RunRow> again = rows("again");
        for (int i = 0; i < found.size(); i++) {
            assertThat(again.get(i).seen().waad())
                    .containsExactly(found.get(i).seen().waad(), within(0f));
        }
    }

    private static List<RunRow> rows(String run) throws IOException {
        List<RunRow> rows = new ArrayList<>();
        RunDirectory.open(shared.resolve(run)).forEachTrace(rows::add);
        assertThat(rows).isNotEmpty();
        return rows;
    }

    @Test
    void aResumedRunKeepsItsHeadsWithoutTheFile() throws IOException {
        Path heads = file("lost.json", Map.of(1, SPANS), LOCAL);
        TinyRuns.train(TinyRuns.grpo(shared, options("whole", heads)));
        TinyRuns.trainTo(TinyRuns.grpo(shared, options("paused", heads)), 3);
        Files.delete(heads);
        TinyRuns.train(TinyRuns.grpo(shared, options("paused", heads)), true, () -> false);
        assertThat(TinyRuns.metrics(shared.resolve("paused"))).isEqualTo(TinyRuns.metrics(shared.resolve("whole")));
        TinyRuns.requireSameCheckpoint(shared.resolve("paused/checkpoint-6"), shared.resolve("whole/checkpoint-6"));
    }

    @Test
    void aHeadOutsideTheModelOrTheLayersIsRefused() throws IOException {
        Path outside = file("outside.json", Map.of(1, SPANS, 9, SPANS), new Head(9, 0));
        refused(options("refused", outside), "outside.json has 2 heads in layer 9", "layers 0 to 2 of 2 heads");
        Path unobserved = file("unobserved.json", Map.of(0, SPANS, 1, SPANS), new Head(0, 1));
        refused(
                options("refused", unobserved),
                "rhythm.heads " + unobserved + " has head 1 of layer 0, but rhythm.layers leaves that layer out",
                "it chooses [1, 2]",
                "the layers of all its heads, 0,1");
        refused(options("refused", shared.resolve("none.json")), "none.json: no such file");
    }

    @Test
    void headsOfOtherWeightsAreRefused() throws IOException {
        Path heads = file("attention.json", Map.of(1, SPANS), LOCAL);
        refused(
                options("refused", heads, "rhythm.weights=value-norm"),
                "attention.json was found with weights attention",
                "this run measures weights value-norm");
    }

    @Test
    void contradictorySettingsAreRefused() throws IOException {
        Path heads = file("contradicted.json", Map.of(1, SPANS), LOCAL);
        refused(options("refused", heads, "credit.heads=all"), "credit.heads is all", "leave rhythm.heads out");
        refused(
                options("refused", heads, "credit.heads=receivers", "rhythm.receivers=true"),
                "contradicted.json has no receiver heads",
                "--receivers on");
        Path receivers = file("receivers.json", Map.of(1, SPANS), LOCAL, LOCAL);
        TinyRuns.train(TinyRuns.grpo(
                shared,
                options("received", receivers, "credit.heads=receivers", "rhythm.receivers=true", "learn.steps=1")));
        assertThat(HeadsFile.read(shared.resolve("received/heads.json")).receiver())
                .containsExactly(LOCAL);
    }
}
