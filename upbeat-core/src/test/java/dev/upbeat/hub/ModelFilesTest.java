package dev.upbeat.hub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.SearchPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a model and its adapter are. */
class ModelFilesTest {
    @TempDir
    private Path directory;

    private final FakeHub hub = new FakeHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    private Path model(String name) throws IOException {
        Path model = Files.createDirectories(directory.resolve(name));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "");
        return model;
    }

    /** @param base JSON of its base; null for none */
    private Path adapter(String name, @Nullable String base) throws IOException {
        Path adapter = Files.createDirectories(directory.resolve(name));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                base == null ? "{}" : "{\"base_model_name_or_path\": " + base + "}");
        Files.writeString(adapter.resolve("adapter_model.safetensors"), "");
        return adapter;
    }

    private static @Nullable ModelFiles find(Object model, @Nullable Object adapter) throws IOException {
        return ModelFiles.find(
                model.toString(), SearchPath.HERE, adapter == null ? null : adapter.toString(), SearchPath.HERE);
    }

    @Test
    void aModelIsWithoutAnAdapter() throws IOException {
        Path base = model("base");
        assertThat(find(base, null)).isEqualTo(new ModelFiles(base, null));
    }

    @Test
    void anAdapterNamesItsBaseByAPathRelativeToItself() throws IOException {
        Path base = model("base");
        Path adapter = adapter("runs/adapter", "\"../../base\"");
        ModelFiles files = requireNonNull(find(adapter, null));
        assertThat(files.model().toRealPath()).isEqualTo(base.toRealPath());
        assertThat(files.adapter()).isEqualTo(adapter);
    }

    @Test
    void anAdapterNamesItsBaseByAnAbsolutePath() throws IOException {
        Path base = model("base");
        assertThat(find(adapter("adapter", "\"" + base + "\""), null))
                .isEqualTo(new ModelFiles(base, directory.resolve("adapter")));
    }

    @Test
    void aBaseBesideTheAdapterReplacesTheOneItNames() throws IOException {
        Path base = model("base");
        Path adapter = adapter("adapter", "\"nobody/nothing\"");
        assertThat(find(base, adapter)).isEqualTo(new ModelFiles(base, adapter));
    }

    @Test
    void aBaseThatIsNotThereIsNamedWithTheWayOut() throws IOException {
        for (String base : new String[] {null, "\"\"", "null"}) {
            assertRefused(adapter("adapter", base), null, "no base_model_name_or_path", "--adapter");
        }
        assertRefused(
                adapter("adapter", "\"../gone.gguf\""),
                null,
                "adapter_config.json names the base model \"../gone.gguf\": ../gone.gguf does not exist",
                "--adapter");
        assertRefused(adapter("adapter", "3"), null, "3 for base_model_name_or_path, expected a string");
    }

    @Test
    void aBaseInTheHubIsLookedUpAtItsRevision() throws IOException {
        Path adapter = adapter("adapter", "\"NoSuchOrganisation/model\", \"revision\": \"v2\"");
        assertThat(find(adapter, null)).as("not downloaded").isNull();
        List<String> asked = new ArrayList<>();
        ModelFiles.of(adapter.toString(), SearchPath.HERE, null, SearchPath.HERE, (name, at) -> {
            asked.add(name);
            return asked.size() == 1 ? adapter : null;
        });
        assertThat(asked).containsExactly(adapter.toString(), "NoSuchOrganisation/model@v2");
    }

    @Test
    void anAdapterOverAnAdapterIsRefused() throws IOException {
        Path first = adapter("first", "\"base\"");
        assertRefused(adapter("second", "\"../first\""), null, "is a PEFT adapter itself", "merge_and_unload");
        assertRefused(adapter("self", "\".\""), null, "is a PEFT adapter itself");
        assertRefused(first, adapter("second", "\"base\""), "is a PEFT adapter itself");
    }

    @Test
    void anAdapterMustBeOne() throws IOException {
        assertRefused(model("base"), model("other"), "other is no PEFT adapter", "adapter_config.json");
    }

    @Test
    void settingsOfAnAdapterBesideAWholeModelAreIgnored() throws IOException {
        Path merged = model("merged");
        Files.writeString(merged.resolve("adapter_config.json"), "{}");
        assertThat(find(merged, null)).isEqualTo(new ModelFiles(merged, null));
    }

    private void assertRefused(Object model, @Nullable Object adapter, String... parts) {
        assertThatThrownBy(() -> find(model, adapter))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void anAdapterOfTheHubArrivesWithItsTokenizer() throws IOException {
        Map<String, byte[]> files = new HashMap<>(Map.of(
                "adapter_config.json", HubUser.text("{}"),
                "adapter_model.safetensors", HubUser.bytes(3000, 1),
                "tokenizer.json", HubUser.text("{}"),
                "training_args.bin", HubUser.text("pickled")));
        hub.commit("acme/lora", "main", "a".repeat(40), files);
        HubUser user = new HubUser(hub, directory);
        Path snapshot = user.resolve("acme/lora");
        assertThat(snapshot.toFile().list())
                .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors", "tokenizer.json");
        assertThat(user.with("HF_HUB_OFFLINE", "1").resolve("acme/lora")).isEqualTo(snapshot);
    }

    @Test
    void aPickledAdapterOfTheHubIsRefused() {
        hub.commit(
                "acme/lora",
                "main",
                "a".repeat(40),
                Map.of("adapter_config.json", HubUser.text("{}"), "adapter_model.bin", HubUser.text("x")));
        assertThatThrownBy(() -> new HubUser(hub, directory).resolve("acme/lora"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("without adapter_model.safetensors", "pickled", "adapter_model.bin");
    }
}
