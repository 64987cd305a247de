package dev.upbeat.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Someone with a home directory who asks a {@link FakeHub} for models, and never really waits between attempts. */
final class HubUser {
    static final String A = "a".repeat(40);
    static final String B = "b".repeat(40);

    final List<Duration> pauses = new ArrayList<>();
    final List<String> progress = new ArrayList<>();
    private final Map<String, String> env = new HashMap<>();
    private int retries = 3;
    private Duration answer = Duration.ofSeconds(30);

    HubUser(FakeHub hub, Path home) {
        env.put("HF_HOME", home.toString());
        env.put("HF_ENDPOINT", hub.address());
    }

    HubUser with(String name, String value) {
        env.put(name, value);
        return this;
    }

    HubUser withRetries(int count) {
        retries = count;
        return this;
    }

    HubUser withAnswerIn(Duration patience) {
        answer = patience;
        return this;
    }

    Path resolve(String model) throws IOException {
        HubPatience patience = new HubPatience(
                Duration.ofSeconds(5),
                answer,
                retries,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                pauses::add);
        return new Hub(HubSettings.of(env), patience)
                .resolve(HubId.parse(model), (file, done, total) -> progress.add(file + " " + done + "/" + total));
    }

    /** Where the cache keeps ORG/NAME. */
    static Path folder(Path home, String repository) {
        return home.resolve("hub").resolve("models--" + repository.replace("/", "--"));
    }

    /** The files of a small repository, with some that nobody needs. */
    static Map<String, byte[]> tiny() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(".gitattributes", text("*.safetensors filter=lfs"));
        files.put("README.md", text("# Tiny"));
        files.put("config.json", text("{\"model_type\":\"llama\"}"));
        files.put("generation_config.json", text("{}"));
        files.put("pytorch_model.bin", text("pickled"));
        files.put("tokenizer.json", text("{\"model\":{}}"));
        files.put("tokenizer_config.json", text("{\"chat_template\":\"\"}"));
        files.put("model.safetensors", bytes(300_000, 1));
        return files;
    }

    static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] bytes(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
