package dev.upbeat.observe;

import dev.upbeat.model.Backward;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Gradients;
import dev.upbeat.model.Packing;
import dev.upbeat.model.Tape;
import dev.upbeat.model.TokenLoss;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.tensor.Workers;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;

/**
 * Gradient norm of each response token: the Euclidean norm of the gradient of the response's log-likelihood, {@code
 * sum_t log p(x_t | x_<t)}, with respect to the token's input embedding. It is 0 for the last token, on which no
 * prediction depends.
 */
public final class GradientNorms {
    /** Tokens of the forward and backward passes that run at the same time. */
    private static final int BATCH_TOKENS = 1024;

    private GradientNorms() {}

    /**
     * Computes the gradient norms.
     *
     * @return one series per trace, in the order of the traces, [T]
     */
    public static List<float[]> of(Decoder decoder, List<Trace> traces) {
        float[][] norms = new float[traces.size()][];
        Workers workers = decoder.workers();
        List<TraceBatch> batches =
                TraceBatch.cut(traces, BATCH_TOKENS, decoder.config().ropeScaling(), workers);
        workers.run(batches.size(), i -> {
            TraceBatch batch = batches.get(i);
            List<float[]> found = norms(decoder, batch);
            for (int b = 0; b < batch.size(); b++) {
                norms[batch.indices().get(b)] = found.get(b);
            }
        });
        return List.of(norms);
    }

    private static List<float[]> norms(Decoder decoder, TraceBatch batch) {
        List<Trace> traces = batch.traces();
        Packing packing = batch.packing(false);
        TokenLoss logLikelihood =
                (from, logProbs, entropies, logProbGradient, entropyGradient) -> Arrays.fill(logProbGradient, 1);
        try (PointerScope scope = new PointerScope();
                Tape tape = new Tape(packing, Gradients.NONE, false)) {
            Backward.run(logLikelihood, decoder, tape, batch.temperatures());
            float[] norms =
                    Tensors.toFloats(tape.embeddingGradient().square().sum(2).sqrt());
            return IntStream.range(0, traces.size())
                    .mapToObj(b -> {
                        int length = traces.get(b).responseIds().length;
                        int start = packing.start(b);
                        return Arrays.copyOf(Arrays.copyOfRange(norms, start, start + length - 1), length);
                    })
                    .toList();
        }
    }
}
