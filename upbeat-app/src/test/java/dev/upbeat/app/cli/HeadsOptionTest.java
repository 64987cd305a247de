package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --heads}: groups of another run. */
class HeadsOptionTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path model;
    private Path traces;
    private Path heads;

    @BeforeEach
    void measureARun() {
        model = TinyModel.write(directory.resolve("tiny"));
        traces = TinyModel.traces(directory.resolve("traces.jsonl"), 4, 4, 30);
        analyze("first", "--layers", "1,2").done();
        heads = directory.resolve("first/heads.json");
    }

    @Test
    void theSameGroupsGiveTheSameSeries() {
        analyze("second", "--heads", heads).done();
        String series = "SELECT waad, fai, receiver_fai FROM traces";
        assertThat(Cli.query(directory.resolve("second"), series))
                .isEqualTo(Cli.query(directory.resolve("first"), series));
        assertThat(directory.resolve("second/heads.json")).hasSameTextualContentAs(heads);
    }

    @Test
    void groupsAreReusedForOtherTracesAndWindows() throws IOException {
        traces = TinyModel.traces(directory.resolve("others.jsonl"), 2, 9, 17);
        analyze("second", "--heads", heads, "--window", "6", "--horizon", "2:9").done();
        JsonNode kept = JSON.readTree(directory.resolve("second/heads.json").toFile());
        JsonNode first = JSON.readTree(heads.toFile());
        for (String group : List.of("layers", "local", "global", "receiver", "span_tokens", "rho", "receiver_rho")) {
            assertThat(kept.get(group)).as(group).isEqualTo(first.get(group));
        }
        assertThat(kept.get("window").intValue()).isEqualTo(6);
        assertThat(kept.get("horizon").toString()).isEqualTo("[2,9]");
    }

    @Test
    void withoutReceiversTheirGroupIsLeftOut() throws IOException {
        analyze("second", "--heads", heads, "--receivers", "off").done();
        assertThat(JSON.readTree(directory.resolve("second/heads.json").toFile())
                        .get("receiver"))
                .isEmpty();
    }

    @Test
    void aHeadsFileWithoutReceiversGivesAWarning() throws IOException {
        change(file -> file.putArray("receiver"));
        assertThat(analyze("second", "--heads", heads).done().err()).contains("heads.json has no receiver heads");
    }

    @Test
    void headsOfALargerModelAreRefused() throws IOException {
        change(file -> {
            file.withArray("layers").add(9);
            file.withObject("/span_tokens").set("9", JSON.valueToTree(new int[] {1, 2, 3, 4}));
            file.withArray("local").add(JSON.valueToTree(new int[] {9, 0}));
        });
        analyze("second", "--heads", heads)
                .refused("heads.json has 4 heads in layer 9", "layers 0 to 2 of 4 heads", "the same model");
    }

    @Test
    void headsOfAWiderModelAreRefused() throws IOException {
        change(file -> file.withObject("/span_tokens").set("1", JSON.valueToTree(new int[] {1, 2, 3, 4, 5})));
        analyze("second", "--heads", heads).refused("5 heads in layer 1", "the same model");
    }

    @Test
    void headsInLayersThatAreNotMeasuredAreRefused() {
        analyze("second", "--heads", heads, "--layers", "0,1").refused("of layer 2", "--layers", "[0, 1]");
    }

    @Test
    void aShareOfHeadsBesideGivenHeadsIsRefused() {
        analyze("second", "--heads", heads, "--rho", "0.2")
                .refused("--rho 0.2", "--heads gives fixed groups " + "(found with rho 0.3)");
        analyze("second", "--heads", heads, "--receiver-rho", "0.2")
                .refused("--receiver-rho 0.2", "--heads gives fixed groups (found with receiver-rho 0.1)");
    }

    @Test
    void weightsByValueNormAreRecordedAndNotMixed() throws IOException {
        analyze("norm", "--weights", "value-norm", "--columns", "path_flow").done();
        Path norm = directory.resolve("norm");
        assertThat(JSON.readTree(norm.resolve("heads.json").toFile())
                        .get("weights")
                        .textValue())
                .isEqualTo("value-norm");
        assertThat(norm.resolve("config.yaml")).content().contains("weights: \"value-norm\"");
        assertThat(Cli.query(norm, "SELECT waad FROM traces"))
                .isNotEqualTo(Cli.query(directory.resolve("first"), "SELECT waad FROM traces"));
        analyze("second", "--heads", heads, "--weights", "value-norm")
                .refused("--weights value-norm", "found with weights attention", "leave --weights out");
        analyze("again", "--heads", norm.resolve("heads.json")).done();
        assertThat(Cli.query(directory.resolve("again"), "SELECT waad, fai FROM traces"))
                .isEqualTo(Cli.query(norm, "SELECT waad, fai FROM traces"));
        analyze("second", "--weights", "norm").refused("attention or value-norm", "'norm'");
        Path out = directory.resolve("both.html");
        assertThat(Cli.upbeat("report", norm, directory.resolve("first"), "--out", out)
                        .done()
                        .err())
                .contains("different weights", "first: attention", "norm: value-norm");
        assertThat(Cli.upbeat("report", norm, directory.resolve("again"), "--out", out)
                        .done()
                        .err())
                .doesNotContain("different weights");
    }

    @Test
    void anInvalidHeadsFileIsRejected() {
        heads = TinyModel.lines(directory.resolve("broken.json"), "{\"layers\": [0");
        analyze("second", "--heads", heads).refused("broken.json: not valid JSON");
        TinyModel.put(directory, "broken.json", Map.of("layers", List.of(1)));
        analyze("second", "--heads", heads).refused("broken.json: span_tokens is missing");
        analyze("second", "--heads", directory.resolve("none.json")).refused("none.json: no such file");
    }

    private interface Change {
        void on(ObjectNode file);
    }

    private void change(Change change) throws IOException {
        ObjectNode file = (ObjectNode) JSON.readTree(heads.toFile());
        change.on(file);
        TinyModel.put(directory.resolve("first"), "heads.json", file);
    }

    private Cli analyze(String run, Object... options) {
        List<Object> args = new ArrayList<>(List.of("analyze", model, "--traces", traces));
        args.addAll(List.of("--out", directory.resolve(run)));
        args.addAll(List.of(options));
        return Cli.upbeat(args.toArray());
    }
}
