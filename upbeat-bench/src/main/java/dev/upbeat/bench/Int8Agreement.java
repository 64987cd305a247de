package dev.upbeat.bench;

import dev.upbeat.Upbeat;
import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.TaskRowFile;
import dev.upbeat.task.TaskRow;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * How often an int8 copy's most likely next token is the exact model's, after each token of the exact model's greedy responses.
 * {@code Int8Agreement MODEL PROMPTS.jsonl RESPONSES MAX_NEW_TOKENS}
 */
public final class Int8Agreement {
    private Int8Agreement() {}

    public static void main(String[] args) throws IOException {
        Libtorch.start(0);
        int responses = Integer.parseInt(args[2]);
        try (Upbeat model = Upbeat.load(args[0])) {
            List<int[]> prompts = TaskRowFile.readPrompts(Path.of(args[1]), responses).stream()
                    .map(row -> prompt(model, row))
                    .toList();
            Sampling greedy = model.greedy(Integer.parseInt(args[3]));
            long agreed = 0;
            long tokens = 0;
            try (Decoder rounded = model.decoder().rounded()) {
                for (Trace trace : model.write(prompts, greedy, (prompt, id) -> {})) {
                    long[] exact = choices(model.decoder(), trace);
                    long[] int8 = choices(rounded, trace);
                    agreed += IntStream.range(0, exact.length)
                            .filter(t -> exact[t] == int8[t])
                            .count();
                    tokens += exact.length;
                }
            }
            System.out.printf(
                    "%s: the most likely token agrees at %d of %d response tokens, %.2f %%%n",
                    model.decoder().dtype(), agreed, tokens, 100.0 * agreed / tokens);
        }
    }

    private static int[] prompt(Upbeat model, TaskRow row) {
        return model.promptEncoder(Map.of()).encode(row.id(), row.prompt());
    }

    /** The most likely token in place of each response token, [T]. */
    private static long[] choices(Decoder decoder, Trace trace) {
        int prompt = trace.promptIds().length;
        int response = trace.responseIds().length;
        long[] ids = IntStream.concat(IntStream.of(trace.promptIds()), IntStream.of(trace.responseIds()))
                .asLongStream()
                .toArray();
        try (PointerScope scope = new PointerScope();
                AutoGradMode noGradients = new AutoGradMode(false)) {
            Tensor hidden = decoder.forward(Tensors.of(ids, 1, ids.length), null);
            Tensor before = hidden.narrow(1, prompt - 1L, response);
            return Tensors.toLongs(decoder.logits(before).argmax(new LongOptional(2), false));
        }
    }
}
