package dev.upbeat.model;

import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Forward and backward pass of a {@link TokenLoss}. The logits are computed once, in chunks of rows: from a chunk come
 * the log-probs and entropies, the loss returns its derivatives, and from these comes the gradient of the chunk's
 * logits.
 */
public final class Backward {
    /**
     * Rows of the product that adds to the head's gradient. Many at once, because each product reads and writes all of
     * that gradient.
     */
    private static final int PRODUCT_ROWS = 1024;

    private final TokenLoss loss;
    private final Decoder decoder;
    private final Gradients gradients;

    private Backward(TokenLoss loss, Decoder decoder, Gradients gradients) {
        this.loss = loss;
        this.decoder = decoder;
        this.gradients = gradients;
    }

    /**
     * Runs the forward and the backward pass over packed sequences and adds the gradients of the loss to the tape's.
     *
     * @param tape a new tape over the packed sequences
     * @param temperatures tau of each response, by which its logits are divided, [B]
     */
    public static void run(TokenLoss loss, Decoder decoder, Tape tape, float[] temperatures) {
        Scoped.run(() -> {
            Tensor output = decoder.forward(tape);
            Tensor hidden = output.detach().select(0, 0);
            Packing packing = tape.packing();
            long[] predicting = packing.predictingTokens();
            Tensor rows = Tensors.of(predicting, predicting.length);
            Tensor stateGradient = new Backward(loss, decoder, tape.gradients())
                    .headBackward(
                            hidden.index_select(0, rows), packing.targets(), packing.repeatPerToken(temperatures));
            Tensor hiddenGradient = Tensors.zeros(ScalarType.Float, hidden.size(0), hidden.size(1));
            tape.backward(
                    output, hiddenGradient.index_add_(0, rows, stateGradient).unsqueeze(0));
        });
    }

    /**
     * Backward pass through the projection to the vocabulary: adds to its gradient and returns that of the hidden
     * states.
     *
     * @param hidden hidden states that predict the tokens, f32, [rows, E]
     * @return gradient of the loss with respect to {@code hidden}, f32, [rows, E]
     */
    private Tensor headBackward(Tensor hidden, long[] targets, float[] temperatures) {
        int rows = targets.length;
        Linear head = decoder.head();
        ScalarType type = decoder.dtype().scalarType();
        int vocabulary = decoder.config().vocabulary();
        int chunk = TokenScores.rowsOfChunk(vocabulary);
        Tensor hiddenGradient = Tensors.empty(rows, hidden.size(1));
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            for (int start = 0; start < rows; start += PRODUCT_ROWS) {
                int count = Math.min(PRODUCT_ROWS, rows - start);
                try (PointerScope scope = new PointerScope()) {
                    Tensor states = hidden.narrow(0, start, count).to(type);
                    Tensor logitGradient = Tensors.zeros(type, count, vocabulary);
                    for (int from = start; from < start + count; from += chunk) {
                        int to = Math.min(from + chunk, start + count);
                        try (PointerScope inner = new PointerScope()) {
                            Tensor logits = head.apply(Tensors.slice(states, 0, from - start, to - start))
                                    .to(ScalarType.Float);
                            logitGradient
                                    .narrow(0, from - start, to - from)
                                    .copy_(logitGradient(
                                            logits,
                                            from,
                                            Arrays.copyOfRange(targets, from, to),
                                            Arrays.copyOfRange(temperatures, from, to)));
                        }
                    }
                    hiddenGradient.narrow(0, start, count).copy_(head.inputGradient(logitGradient));
                    Tensor sum = gradients.of(head.weight());
                    if (sum != null) {
                        sum.add_(Operators.weightGradient(logitGradient, states));
                    }
                }
            }
        }
        return hiddenGradient;
    }

    /**
     * Gradient of the loss with respect to the logits, f32, [n, V]: (a (onehot - p) - b p (log p + H)) / tau with p =
     * softmax(logits / tau) and the derivatives a by the log-prob and b by the entropy.
     */
    private Tensor logitGradient(Tensor logits, int from, long[] targets, float[] temperatures) {
        int n = targets.length;
        Tensor tau = Tensors.of(temperatures, n, 1);
        Tensor target = Tensors.of(targets, n, 1);
        Tensor logP = logits.div_(tau).log_softmax(1);
        Tensor p = logP.exp();
        Tensor entropy = p.mul(logP).sum(1).mul_(new Scalar(-1.0));
        float[] logProbGradient = new float[n];
        float[] entropyGradient = new float[n];
        loss.differentiate(
                from,
                Tensors.toFloats(logP.gather(1, target)),
                Tensors.toFloats(entropy),
                logProbGradient,
                entropyGradient);
        Tensor a = Tensors.of(logProbGradient, n, 1).div_(tau);
        boolean hasEntropyTerm = false;
        for (float derivative : entropyGradient) {
            hasEntropyTerm |= derivative != 0;
        }
        if (hasEntropyTerm) {
            Tensor b = Tensors.of(entropyGradient, n, 1).div_(tau);
            p.mul_(logP.add_(entropy.unsqueeze(1)).mul_(b).add_(a).mul_(new Scalar(-1.0)));
        } else {
            p.mul_(a.neg());
        }
        return p.scatter_add_(1, target, a);
    }
}
