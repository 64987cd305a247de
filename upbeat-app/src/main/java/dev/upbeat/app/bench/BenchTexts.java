package dev.upbeat.app.bench;

import java.util.List;
import java.util.stream.IntStream;

/** Token texts for random ids: steps of 32 tokens that end at blank lines, of which the last is the answer. */
final class BenchTexts {
    private static final int STEP_TOKENS = 32;

    private BenchTexts() {}

    static List<String> of(int tokens) {
        return IntStream.range(0, tokens)
                .mapToObj(t -> t % STEP_TOKENS == STEP_TOKENS - 1 ? "\n\n" : " word")
                .toList();
    }
}
