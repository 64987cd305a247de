package dev.upbeat.app.cli;

import dev.upbeat.app.serve.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Limits of the service. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class LimitFlags {
    @Option(
            names = "--max-body-mb",
            paramLabel = "N",
            defaultValue = "64",
            description = "Largest body of a request, MB (default: 64).")
    private int bodyMegabytes;

    @Option(
            names = "--max-request-tokens",
            paramLabel = "N",
            defaultValue = "1048576",
            description = "Most tokens of one request, prompts included (default: 1048576).")
    private int requestTokens;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "64",
            description = "Most requests under way; others are refused with 429 (default: 64).")
    private int queue;

    @Option(
            names = "--batch-wait-ms",
            paramLabel = "N",
            defaultValue = "5",
            description = "Time that a request waits for others to share its batch, ms (default: 5).")
    private int batchWaitMs;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "Longest time to read a request, and to wait for its answer (default: 300).")
    private int timeoutSeconds;

    @Option(
            names = "--event-streams",
            paramLabel = "N",
            defaultValue = "32",
            description = "Most event streams open at the same time (default: 32).")
    private int eventStreams;

    /** @throws dev.upbeat.io.BadInputException if a limit is out of range */
    Limits limits() {
        return new Limits(
                bodyMegabytes,
                requestTokens,
                queue,
                Duration.ofMillis(batchWaitMs),
                Duration.ofSeconds(timeoutSeconds),
                eventStreams);
    }
}
