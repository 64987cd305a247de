package dev.upbeat.task;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a response that may hold its answer: the text after the last closed thinking block. A response that ends inside
 * an open block has no answer. All tasks read responses through this class.
 *
 * <p>The marks are those of public models: {@code <think>} (DeepSeek-R1, Qwen3, most others), {@code <thinking>},
 * {@code [THINK]} (Magistral), {@code <seed:think>} (Seed-OSS), {@code <|begin_of_thought|>} (Sky-T1, OpenThinker). A block
 * that the prompt opened is closed by its end mark alone.
 */
public final class AnswerText {
    private record Marks(String open, String close) {}

    private static final List<Marks> MARKS = List.of(
            new Marks("<think>", "</think>"),
            new Marks("<thinking>", "</thinking>"),
            new Marks("[THINK]", "[/THINK]"),
            new Marks("<seed:think>", "</seed:think>"),
            new Marks("<|begin_of_thought|>", "<|end_of_thought|>"));

    private static final String OPEN = "<answer>";
    private static final String CLOSE = "</answer>";

    private AnswerText() {}

    /** Content of the last complete {@code <answer> .. </answer>}; null if there is none. */
    public static @Nullable String tagged(String text) {
        Objects.requireNonNull(text, "text");
        int close = text.lastIndexOf(CLOSE);
        int open = close < 0 ? -1 : text.lastIndexOf(OPEN, close);
        return open < 0 ? null : text.substring(open + OPEN.length(), close).strip();
    }

    /** Returns the text after the last thinking block, or null if the last block is never closed. */
    public static @Nullable String of(String response) {
        Objects.requireNonNull(response, "response");
        int start = 0;
        for (Marks marks : MARKS) {
            int close = response.lastIndexOf(marks.close());
            if (close >= 0) {
                start = Math.max(start, close + marks.close().length());
            }
        }
        for (Marks marks : MARKS) {
            if (response.indexOf(marks.open(), start) >= 0) {
                return null;
            }
        }
        return response.substring(start);
    }
}
