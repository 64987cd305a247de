package dev.upbeat.hub;

import static dev.upbeat.hub.HubUser.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks, servers and disks that fail: what is kept, what is tried again, what is said. */
class HubFailureTest {
    private static final byte[] WEIGHTS = HubUser.bytes(300_000, 1);
    private static final String STORED = "/" + FakeHub.sha256(WEIGHTS);

    @AutoClose
    private final FakeHub hub = new FakeHub().commit("acme/tiny", "main", HubUser.A, HubUser.tiny());

    @TempDir
    private Path home;

    @Test
    void aDroppedConnectionIsResumedWhereItBroke() throws IOException {
        hub.fail("GET", STORED, FakeHub.dropAfter(100_000));

        Path snapshot = user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(hub.requestsOf("store", "GET")).hasSize(2);
        assertThat(resumedAt(1)).isBetween(1L, 100_000L);
    }

    @Test
    void anInterruptedDownloadIsResumedByTheNextRun() throws IOException {
        hub.fail("GET", STORED, FakeHub.dropAfter(100_000));
        assertThatThrownBy(() -> user().withRetries(0).resolve("acme/tiny")).isInstanceOf(IOException.class);
        long kept = Files.size(partial());

        HubUser next = user();
        Path snapshot = next.resolve("acme/tiny");

        assertThat(kept).isBetween(1L, 100_000L);
        assertThat(resumedAt(1)).isEqualTo(kept);
        assertThat(next.progress).first().isEqualTo("model.safetensors " + kept + "/300000");
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(partial()).doesNotExist();
    }

    @Test
    void aDroppingServerIsRetriedWhileBytesCome() throws IOException {
        FakeHub.Fault drop = FakeHub.dropAfter(20_000);
        hub.fail("GET", STORED, drop, drop, drop, drop, drop, drop, drop, drop);

        Path snapshot = user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignores the range", "answers 416", "sends another range"})
    void withoutResumptionTheWholeFileIsRequested(String how) throws IOException {
        FakeHub.Fault fault =
                switch (how) {
                    case "ignores the range" -> FakeHub.withoutRanges();
                    case "answers 416" -> FakeHub.status(416);
                    default -> FakeHub.status(206, "Content-Range", "bytes 7-299999/300000");
                };
        hub.fail("GET", STORED, FakeHub.dropAfter(100_000), fault);

        Path snapshot = user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aFailingServerIsRetriedWithGrowingPauses(int status) throws IOException {
        FakeHub.Fault fault = FakeHub.status(status);
        hub.fail("GET", "/revision/main", fault, fault, fault);
        hub.fail("HEAD", "/config.json", fault);
        HubUser user = user();

        user.resolve("acme/tiny");

        assertThat(user.pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 3L, 1L);
    }

    @Test
    void aServerThatSaysHowLongToWaitIsObeyed() throws IOException {
        hub.fail("GET", STORED, FakeHub.status(429, "Retry-After", "17"));
        HubUser user = user();

        user.resolve("acme/tiny");

        assertThat(user.pauses).containsExactly(Duration.ofSeconds(17));
    }

    @Test
    void tooLongARetryAfterIsGivenUp() {
        hub.fail("GET", "/revision/main", FakeHub.status(429, "Retry-After", "3600"));
        HubUser user = user();

        assertThatThrownBy(() -> user.resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        hub.address(), "status 429", "rate limit", "3600 s", "UTC", "HF_TOKEN", "run the same command");
        assertThat(user.pauses).isEmpty();
    }

    @Test
    void aFailingServerIsGivenUpAfterTheLastRetry() {
        FakeHub.Fault fault = FakeHub.status(500);
        hub.fail("GET", "/revision/main", fault, fault, fault, fault, fault);

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(hub.address(), "status 500");
        assertThat(hub.requests).hasSize(4);
    }

    @Test
    void aSilentServerIsGivenUpAndResumed() throws IOException {
        hub.fail("GET", STORED, FakeHub.stallAfter(50_000));

        Path snapshot = user().withAnswerIn(Duration.ofSeconds(1)).resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(resumedAt(1)).isEqualTo(50_000);
    }

    @Test
    void anUnknownHostIsRetriedOnce() {
        HubUser user = user().with("HF_ENDPOINT", "http://no-such-host.invalid").withRetries(5);
        assertThatThrownBy(() -> user.resolve("acme/tiny"))
                .hasMessageContaining("http://no-such-host.invalid: the host name is unknown");
        assertThat(user.pauses).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void anEndpointThatIsNotThereIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        HubUser user = user().with("HF_ENDPOINT", "http://127.0.0.1:" + port);

        assertThatThrownBy(() -> user.resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "No usable answer from http://127.0.0.1:" + port + ": the connection was refused",
                        "HF_ENDPOINT");
        assertThat(user.pauses).hasSize(3);
    }

    @Test
    void aDamagedLargeFileIsDeletedAndSaid() throws IOException {
        hub.fail("GET", STORED, FakeHub.content(HubUser.bytes(300_000, 99)));

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "model.safetensors of acme/tiny@main is damaged",
                        FakeHub.sha256(HubUser.bytes(300_000, 99)),
                        FakeHub.sha256(WEIGHTS),
                        "deleted; run the same command again");

        assertThat(partial()).doesNotExist();
        assertThat(blobs().resolve(FakeHub.sha256(WEIGHTS))).doesNotExist();
        assertThat(user().resolve("acme/tiny").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aDamagedSmallFileIsDeletedAndSaid() {
        byte[] damaged = HubUser.text("{\"model_type\":\"LLAMA\"}");
        hub.fail("GET", "/config.json", FakeHub.content(damaged));

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("config.json of acme/tiny@main is damaged", FakeHub.gitSha1(damaged));
        assertThat(blobs()).isEmptyDirectory();
    }

    @Test
    void aBodyLongerThanAnnouncedIsCutOffAndSaid() {
        hub.fail("GET", STORED, FakeHub.content(HubUser.bytes(400_000, 1)));

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(hub.storeAddress(), "more than the 300000 bytes", "model.safetensors");
        assertThat(partial()).isEmptyFile();
    }

    @Test
    void aBodyShorterThanAnnouncedIsCompleted() throws IOException {
        hub.fail("GET", STORED, FakeHub.content(Arrays.copyOf(WEIGHTS, 200_000)));

        Path snapshot = user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(resumedAt(1)).isEqualTo(200_000);
    }

    @Test
    void aPartialThatIsTooLongIsThrownAway() throws IOException {
        Files.createDirectories(blobs());
        Files.write(partial(), HubUser.bytes(300_001, 7));

        Path snapshot = user().resolve("acme/tiny");

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(resumedAt(0)).isZero();
    }

    @Test
    void aCompletePartialFileIsCheckedLikeADownload() throws IOException {
        Files.createDirectories(blobs());
        Files.write(partial(), HubUser.bytes(300_000, 7));

        assertThatThrownBy(() -> user().resolve("acme/tiny")).hasMessageContaining("is damaged");
        assertThat(user().resolve("acme/tiny").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    @Test
    void aLoginPageOfTheNetworkIsRecognised() {
        hub.fail("GET", "/revision/main", FakeHub.content(HubUser.text("<html>Please sign in</html>")));
        assertNoHub("something that is not JSON");

        hub.fail("GET", "/revision/main", FakeHub.content(HubUser.text("{\"status\":\"ok\"}")));
        assertNoHub("JSON without a commit");
    }

    @Test
    void aCommitOutsideTheCacheIsRefused() {
        hub.fail("GET", "/revision/main", FakeHub.content(HubUser.text("{\"sha\":\"../../x\",\"siblings\":[]}")));

        assertNoHub("JSON without a commit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "many", "99999999999999999999"})
    void aFileWithoutASizeIsRefused(String size) {
        hub.fail(
                "HEAD",
                "/config.json",
                FakeHub.status(302, "X-Linked-Etag", "\"" + A + "\"", "X-Linked-Size", size, "Location", "/x"));

        assertNoHub("a file without its size");
    }

    @Test
    void aFileOfAnotherCommitIsRefused() {
        hub.fail(
                "HEAD",
                "/config.json",
                FakeHub.status(200, "ETag", A, "Content-Length", "22", "X-Repo-Commit", HubUser.B));

        assertNoHub("a file of commit " + HubUser.B);
    }

    @Test
    void aCircleOfRedirectsEnds() {
        FakeHub.Fault circle = FakeHub.status(302, "Location", "/api/models/acme/tiny/revision/main");
        hub.fail("GET", "/revision/main", Collections.nCopies(20, circle).toArray(FakeHub.Fault[]::new));

        assertNoHub("more than 10 redirects");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://host/x", "http://", "ht tp://x"})
    void aRedirectThatLeavesTheWebIsNotFollowed(String location) {
        hub.fail("GET", "/revision/main", FakeHub.status(302, "Location", location));

        assertNoHub("a redirect to \"" + location + "\"");
    }

    @Test
    void aRepositoryThatMovedIsFollowed() throws IOException {
        hub.fail("GET", "/old/revision/main", FakeHub.status(307, "Location", "/api/models/acme/tiny/revision/main"));
        hub.commit("acme/old", "none", A, HubUser.tiny());

        assertThat(user().resolve("acme/old")).endsWith(Path.of("models--acme--old", "snapshots", A));
    }

    @Test
    void aStoreThatRefusesIsNamed() {
        hub.fail("GET", STORED, FakeHub.status(403));

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(hub.storeAddress() + " refused to serve", "status 403");
    }

    @Test
    void aModelLargerThanTheDiskIsRefused() {
        hub.fail(
                "HEAD",
                "/model.safetensors",
                FakeHub.status(
                        302,
                        "Location",
                        hub.storeAddress() + STORED,
                        "X-Linked-Etag",
                        "\"" + FakeHub.sha256(WEIGHTS) + "\"",
                        "X-Linked-Size",
                        "4000000000000000000"));

        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("needs 4000000000.0 GB", home.toString(), "set HF_HOME");
        assertThat(hub.requestsOf("store", "GET")).isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "not a directory");

        assertThatThrownBy(() -> user().with("HF_HUB_CACHE", file.toString()).resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("Cannot use the model cache at " + file, "HF_HOME");
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        Map<String, byte[]> files = HubUser.tiny();
        files.put("chat_template.jinja", new byte[0]);
        hub.commit("acme/tiny", "main", HubUser.B, files);

        assertThat(user().resolve("acme/tiny").resolve("chat_template.jinja")).isEmptyFile();
    }

    private void assertNoHub(String answer) {
        assertThatThrownBy(() -> user().resolve("acme/tiny"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(hub.address() + " is not a Hugging Face hub", answer);
        assertThat(user().pauses).isEmpty();
    }

    /** The first byte that the request of this number asked the store for. */
    private long resumedAt(int number) {
        List<FakeHub.Request> asked = hub.requestsOf("store", "GET");
        String range = asked.get(number).range();
        return range == null ? 0 : Long.parseLong(range.replaceAll("\\D", ""));
    }

    private HubUser user() {
        return new HubUser(hub, home);
    }

    private Path blobs() {
        return HubUser.folder(home, "acme/tiny").resolve("blobs");
    }

    private Path partial() {
        return blobs().resolve(FakeHub.sha256(WEIGHTS) + ".upbeat.incomplete");
    }
}
