package dev.upbeat.hub;

import static dev.upbeat.hub.HubUser.A;
import static dev.upbeat.hub.HubUser.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
    @AutoClose
    private final FakeHub hub = new FakeHub();

    @TempDir
    private Path home;

    @Test
    void aModelArrivesInTheLayoutOfThePythonCache() throws IOException {
        Map<String, byte[]> files = HubUser.tiny();
        hub.commit("acme/tiny", "main", A, files);

        Path snapshot = user().resolve("acme/tiny");

        Path folder = HubUser.folder(home, "acme/tiny");
        assertThat(snapshot).isEqualTo(folder.resolve("snapshots").resolve(A));
        assertThat(folder.resolve("refs/main")).hasContent(A);
        assertThat(names(snapshot))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "generation_config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "model.safetensors");
        for (String name : names(snapshot)) {
            byte[] content = files.getOrDefault(name, new byte[0]);
            String etag = name.endsWith(".safetensors") ? FakeHub.sha256(content) : FakeHub.gitSha1(content);
            assertThat(Files.readSymbolicLink(snapshot.resolve(name))).isEqualTo(Path.of("../../blobs/" + etag));
            assertThat(snapshot.resolve(name)).hasBinaryContent(content);
        }
        assertThat(names(folder.resolve("blobs"))).hasSize(5).allMatch(name -> name.matches("[0-9a-f]{40,64}"));
    }

    @Test
    void aSecondRunAsksOnlyForTheCommit() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Path first = user().resolve("acme/tiny");
        hub.requests.clear();

        HubUser again = user();

        assertThat(again.resolve("acme/tiny")).isEqualTo(first);
        assertThat(hub.requests).singleElement().satisfies(request -> assertThat(request.path())
                .isEqualTo("/api/models/acme/tiny/revision/main"));
        assertThat(again.progress).isEmpty();
    }

    @Test
    void shardsAreFoundByTheirIndex() throws IOException {
        hub.commit("acme/big", "main", A, sharded());

        Path snapshot = user().resolve("acme/big");

        assertThat(names(snapshot))
                .containsExactlyInAnyOrder(
                        "config.json",
                        "model.safetensors.index.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors");
    }

    @Test
    void branchTagPullRequestAndCommitResolve() throws IOException {
        Map<String, byte[]> other = HubUser.tiny();
        other.put("config.json", HubUser.text("{\"model_type\":\"qwen3\"}"));
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        hub.commit("acme/tiny", "v1.0", B, other).commit("acme/tiny", "refs/pr/1", B, other);

        assertThat(user().resolve("acme/tiny@main")).endsWith(Path.of(A));
        for (String revision : List.of("v1.0", "refs/pr/1", B)) {
            assertThat(user().resolve("acme/tiny@" + revision)).endsWith(Path.of(B));
        }
        Path refs = HubUser.folder(home, "acme/tiny").resolve("refs");
        assertThat(refs.resolve("refs/pr/1")).hasContent(B);
        assertThat(refs.resolve(B)).doesNotExist();
    }

    @Test
    void aBranchThatMovedBringsOnlyWhatChanged() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        user().resolve("acme/tiny");
        Map<String, byte[]> changed = HubUser.tiny();
        byte[] config = HubUser.text("{\"model_type\":\"mistral\"}");
        changed.put("config.json", config);
        hub.commit("acme/tiny", "main", B, changed);

        HubUser later = user();
        Path snapshot = later.resolve("acme/tiny");

        assertThat(snapshot.resolve("config.json")).hasBinaryContent(config);
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(HubUser.bytes(300_000, 1));
        assertThat(later.progress).allMatch(line -> line.startsWith("config.json "));
        assertThat(HubUser.folder(home, "acme/tiny").resolve("refs/main")).hasContent(B);
    }

    @Test
    void aFailedUpdateKeepsTheOldCopy() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Path old = user().resolve("acme/tiny");
        Map<String, byte[]> changed = HubUser.tiny();
        byte[] weights = HubUser.bytes(1000, 2);
        changed.put("model.safetensors", weights);
        hub.commit("acme/tiny", "main", B, changed);
        hub.fail("GET", FakeHub.sha256(weights), FakeHub.dropAfter(10));

        assertThatThrownBy(() -> user().withRetries(0).resolve("acme/tiny")).isInstanceOf(IOException.class);

        assertThat(user().with("HF_HUB_OFFLINE", "1").resolve("acme/tiny")).isEqualTo(old);
    }

    @Test
    void theTokenIsSentToTheEndpointOnly() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());

        user().with("HF_TOKEN", hub.token).resolve("acme/tiny");

        assertThat(hub.requests).allSatisfy(request -> assertThat(request.authorization())
                .isEqualTo(request.server().equals("endpoint") ? "Bearer " + hub.token : null));
        assertThat(hub.requestsOf("store", "GET")).hasSize(1);
    }

    @Test
    void theLoginsTokenIsReadFromHome() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Files.writeString(home.resolve("token"), hub.token + "\n");

        user().resolve("acme/tiny");

        assertThat(hub.requestsOf("endpoint", "GET"))
                .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer " + hub.token));
    }

    @Test
    void withoutSymbolicLinksTheFilesLieInTheSnapshotItself() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());

        Path snapshot = user().with("HF_HUB_DISABLE_SYMLINKS", "1").resolve("acme/tiny");

        assertThat(names(snapshot)).hasSize(5).noneMatch(name -> Files.isSymbolicLink(snapshot.resolve(name)));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(HubUser.bytes(300_000, 1));
        assertThat(names(HubUser.folder(home, "acme/tiny").resolve("blobs"))).isEmpty();
    }

    @Test
    void withoutSymbolicLinksASharedBlobIsCopied() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny()).commit("acme/tiny", "next", B, HubUser.tiny());
        Path linked = user().resolve("acme/tiny");

        Path copied = user().with("HF_HUB_DISABLE_SYMLINKS", "1").resolve("acme/tiny@next");

        for (Path snapshot : List.of(linked, copied)) {
            assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(HubUser.bytes(300_000, 1));
        }
        assertThat(copied.resolve("model.safetensors")).isRegularFile();
        assertThat(Files.isSymbolicLink(copied.resolve("model.safetensors"))).isFalse();
        assertThat(hub.requestsOf("store", "GET")).hasSize(1);
    }

    @Test
    void aLinkWhoseBlobIsGoneIsFetchedAnew() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Path snapshot = user().resolve("acme/tiny");
        Files.delete(snapshot.resolve("model.safetensors").toRealPath());

        user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(HubUser.bytes(300_000, 1));
    }

    @Test
    void theProgressOfEachFileEndsAtItsSize() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        HubUser user = user();

        user.resolve("acme/tiny");

        List<String> weights = user.progress.stream()
                .filter(line -> line.startsWith("model.safetensors "))
                .toList();
        assertThat(weights).startsWith("model.safetensors 0/300000").endsWith("model.safetensors 300000/300000");
        assertThat(user.progress).contains("config.json 22/22").last().isEqualTo("model.safetensors 300000/300000");
    }

    @Test
    void downloadsOfPythonAreUsedOffline() throws IOException {
        // transformers leaves out what it does not need and notes the revision without a line break.
        Path folder = HubUser.folder(home, "acme/tiny");
        for (String name : List.of("config.json", "model.safetensors")) {
            Path blob = folder.resolve("blobs").resolve(FakeHub.sha256(HubUser.text(name)));
            Path pointer = folder.resolve("snapshots").resolve(A).resolve(name);
            Files.createDirectories(blob.getParent());
            Files.createDirectories(pointer.getParent());
            Files.writeString(blob, name);
            Files.createSymbolicLink(pointer, Path.of("../../blobs/" + blob.getFileName()));
        }
        Files.createDirectories(folder.resolve("refs"));
        Files.writeString(folder.resolve("refs/main"), A);

        HubUser offline = user().with("HF_HUB_OFFLINE", "1");

        assertThat(offline.resolve("acme/tiny")).isEqualTo(folder.resolve("snapshots/" + A));
        assertThat(offline.resolve("acme/tiny@" + A)).isEqualTo(folder.resolve("snapshots/" + A));
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void offlineAModelOutsideTheCacheIsBadInput() {
        assertThatThrownBy(() -> user().with("HF_HUB_OFFLINE", "1").resolve("acme/tiny"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContainingAll("acme/tiny@main is not in the model cache at", "Unset HF_HUB_OFFLINE");
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void offlineAPartialCopyIsNamedWithWhatItLacks() throws IOException {
        hub.commit("acme/big", "main", A, sharded());
        Path snapshot = user().resolve("acme/big");
        Files.delete(snapshot.resolve("model-00002-of-00002.safetensors"));

        assertThatThrownBy(() -> user().with("HF_HUB_OFFLINE", "1").resolve("acme/big"))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("(incomplete there, missing: [model-00002-of-00002.safetensors])");
    }

    @Test
    void anUnreachableHubFallsBackToTheCache() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Path copy = user().resolve("acme/tiny");
        hub.close();
        HubUser later = user();

        assertThat(later.resolve("acme/tiny")).isEqualTo(copy);
        assertThat(later.pauses).isEmpty();
    }

    @Test
    void aFailingHubFallsBackToTheCache() throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());
        Path copy = user().resolve("acme/tiny");
        hub.fail("GET", "/revision/main", FakeHub.status(503));
        HubUser later = user();

        assertThat(later.resolve("acme/tiny")).isEqualTo(copy);
        assertThat(later.pauses).isEmpty();
    }

    @Test
    void theCacheCanLieOutsideTheHomeDirectory(@TempDir Path elsewhere) throws IOException {
        hub.commit("acme/tiny", "main", A, HubUser.tiny());

        Path snapshot = user().with("HF_HUB_CACHE", elsewhere.toString()).resolve("acme/tiny");

        assertThat(snapshot).isEqualTo(elsewhere.resolve("models--acme--tiny/snapshots/" + A));
    }

    private HubUser user() {
        return new HubUser(hub, home);
    }

    private static Map<String, byte[]> sharded() {
        String index = "{\"metadata\":{\"total_size\":2000},\"weight_map\":{"
                + "\"model.embed_tokens.weight\":\"model-00001-of-00002.safetensors\","
                + "\"model.norm.weight\":\"model-00002-of-00002.safetensors\","
                + "\"model.layers.0.mlp.up_proj.weight\":\"model-00001-of-00002.safetensors\"}}";
        return Map.of(
                "config.json", HubUser.text("{}"),
                "model.safetensors.index.json", HubUser.text(index),
                "model-00001-of-00002.safetensors", HubUser.bytes(1000, 3),
                "model-00002-of-00002.safetensors", HubUser.bytes(1000, 4),
                "consolidated.safetensors", HubUser.bytes(1000, 5));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
