package dev.upbeat.app.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** {@code upbeat serve} with the bundled model in a process of its own, which can be killed. */
record ServedProcess(Process process, String url) implements AutoCloseable {
    /** @param port 0 for a free one */
    static ServedProcess start(int port) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.upbeat.app.cli.Main",
                        "serve",
                        "../models/countdown",
                        "--port",
                        String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader();
        String line = Objects.requireNonNull(out.readLine(), "the service has started");
        return new ServedProcess(process, line.substring(line.indexOf("http://")));
    }

    int port() {
        return URI.create(url).getPort();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
