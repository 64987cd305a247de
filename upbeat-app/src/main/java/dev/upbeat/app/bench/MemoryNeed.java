package dev.upbeat.app.bench;

import dev.upbeat.app.doctor.Sizes;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.MachineMemory;

/**
 * Rejects work that does not fit into this machine's memory before it starts, because the system kills a process without a message when memory runs out. It counts a lower bound of the memory, so accepted work may still fail.
 */
final class MemoryNeed {
    private MemoryNeed() {}

    /**
     * Checks one pass over a sequence: the residual stream before and after attention in f32, and gate and up of one
     * MLP in bf16.
     *
     * @param given the option, for the message
     */
    static void requirePass(String given, ModelConfig config, long tokens) {
        long bytesOfAToken = 2L * 4 * config.hidden() + 2L * 2 * config.mlp();
        require(given, "tokens", tokens, bytesOfAToken, MachineMemory.bytes(), "memory on this machine");
    }

    /**
     * Checks responses that are in memory at the same time: the ids of each with its prompt.
     *
     * @param given the options, for the message
     * @param heldFloats further numbers in memory for each response token
     */
    static void requireResponses(String given, double sequences, int promptTokens, int newTokens, int heldFloats) {
        long bytesOfASequence = 4L * promptTokens + 4L * newTokens * (1 + heldFloats);
        require(
                given,
                "sequences",
                sequences,
                bytesOfASequence,
                Runtime.getRuntime().maxMemory(),
                "Java's heap (raise it, for example by UPBEAT_JAVA_OPTS=-Xmx8g)");
    }

    private static void require(String given, String units, double count, long bytesOfEach, long there, String where) {
        if (count * bytesOfEach > there) {
            throw new BadInputException(given + " needs at least " + Sizes.of((long) (count * bytesOfEach))
                    + ", more than the " + Sizes.of(there) + " of " + where + "; give fewer than " + there / bytesOfEach
                    + " " + units);
        }
    }
}
