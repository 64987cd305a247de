package dev.upbeat.hub;

import java.io.IOException;
import java.nio.file.Path;

/** Resolves its argument in a process of its own, with that process's environment; for {@link HubProcessesTest}. */
final class HubChild {
    private HubChild() {}

    public static void main(String[] args) throws IOException {
        Hub.resolve(args[0], (file, done, total) -> {});
    }

    static Process start(FakeHub hub, Path home, String model) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HubChild.class.getName(),
                model);
        builder.environment().keySet().removeIf(name -> name.matches("(HF|HUGGING|TRANSFORMERS).*"));
        builder.environment().put("HF_HOME", home.toString());
        builder.environment().put("HF_ENDPOINT", hub.address());
        return builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
    }
}
