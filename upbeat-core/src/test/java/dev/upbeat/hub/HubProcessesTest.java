package dev.upbeat.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes and threads at one cache, and one that is killed. */
@Timeout(120)
class HubProcessesTest {
    private static final byte[] WEIGHTS = HubUser.bytes(300_000, 1);
    private static final String STORED = "/" + FakeHub.sha256(WEIGHTS);

    @AutoClose
    private final FakeHub hub = new FakeHub().commit("acme/tiny", "main", HubUser.A, HubUser.tiny());

    @TempDir
    private Path home;

    @Test
    void downloadsOfAKilledProcessAreResumed() throws Exception {
        hub.fail("GET", STORED, FakeHub.stallAfter(150_000));
        Path partial = HubUser.folder(home, "acme/tiny").resolve("blobs" + STORED + ".upbeat.incomplete");
        Process child = HubChild.start(hub, home, "acme/tiny");
        while (!Files.exists(partial) || Files.size(partial) < 150_000) {
            assertThat(child.isAlive()).as("child still downloads").isTrue();
            Thread.sleep(20);
        }
        child.destroyForcibly().waitFor();

        Path snapshot = new HubUser(hub, home).resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(hub.requestsOf("store", "GET"))
                .extracting(FakeHub.Request::range)
                .containsExactly(null, "bytes=150000-");
    }

    @Test
    void processesThatWantTheSameModelFetchItOnce() throws Exception {
        hub.fail("GET", STORED, onceAllHaveAsked(3));
        List<Process> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(HubChild.start(hub, home, "acme/tiny"));
        }
        for (Process child : children) {
            assertThat(child.waitFor()).as(() -> log()).isZero();
        }

        assertFetchedOnce();
    }

    @Test
    void threadsThatWantTheSameModelFetchItOnce() throws Exception {
        hub.fail("GET", STORED, onceAllHaveAsked(8));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<Path>> snapshots = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            snapshots.add(threads.submit(() -> new HubUser(hub, home).resolve("acme/tiny")));
        }
        for (Future<Path> snapshot : snapshots) {
            assertThat(snapshot.get(60, TimeUnit.SECONDS).resolve("model.safetensors"))
                    .hasBinaryContent(WEIGHTS);
        }
        threads.shutdown();

        assertFetchedOnce();
    }

    /** The content, held back until so many have been told that they lack it. */
    private FakeHub.Fault onceAllHaveAsked(int count) {
        return (exchange, content) -> {
            try {
                while (hub.requests.stream()
                                .filter(request -> request.path().endsWith("/revision/main"))
                                .count()
                        < count) {
                    Thread.sleep(10);
                }
                Thread.sleep(300); // time for those who would not wait for the lock
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            FakeHub.withoutRanges().answer(exchange, content);
        };
    }

    private void assertFetchedOnce() throws IOException {
        assertThat(hub.requestsOf("store", "GET")).hasSize(1);
        Path snapshot = new HubUser(hub, home).with("HF_HUB_OFFLINE", "1").resolve("acme/tiny");
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    private String log() {
        try {
            return Files.readString(home.resolve("child.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
