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
 * The gradients of a {@link TokenLoss}. Logits are visited once, by chunks of rows: a chunk gives the log-probs, the loss its
 * slopes, and with these the same chunk becomes the logits' gradient.
 */
public final class Backward {
    /** Rows whose logit gradients wait for one product with the states: it reads and writes all of the head's gradient. */
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
     * Runs packed sequences there and back: the gradients of the loss arrive at the tape's.
     *
     * @param tape of the packing, new
     * @param temperatures tau of each response, by which its logits are divided, [B]
     */
    public static void run(TokenLoss loss, Decoder decoder, Tape tape, float[] temperatures) {
        Scoped.run(() -> {
            Tensor output = decoder.forward(tape);
            Tensor hidden = output.detach().select(0, 0);
            Packing packing = tape.packing();
            long[] predicting = packing.predicting();
            Tensor rows = Tensors.of(predicting, predicting.length);
            Tensor byStates = new Backward(loss, decoder, tape.gradients())
                    .throughHead(hidden.index_select(0, rows), packing.targets(), packing.everyToken(temperatures));
            Tensor byHidden = Tensors.zeros(ScalarType.Float, hidden.size(0), hidden.size(1));
            tape.backward(output, byHidden.index_add_(0, rows, byStates).unsqueeze(0));
        });
    }

    /**
     * Adds to the head's gradient and gives the states'.
     *
     * @param hidden states that predict the tokens, f32, [rows, E]
     * @return derivative of the loss by {@code hidden}, f32, [rows, E]
     */
    private Tensor throughHead(Tensor hidden, long[] targets, float[] temperatures) {
        int rows = targets.length;
        Linear head = decoder.head();
        ScalarType type = decoder.dtype().scalarType();
        int vocabulary = decoder.config().vocabulary();
        int chunk = TokenScores.rowsOfChunk(vocabulary);
        Tensor byHidden = Tensors.empty(rows, hidden.size(1));
        try (AutoGradMode noGrad = new AutoGradMode(false)) {
            for (int start = 0; start < rows; start += PRODUCT_ROWS) {
                int count = Math.min(PRODUCT_ROWS, rows - start);
                try (PointerScope scope = new PointerScope()) {
                    Tensor states = hidden.narrow(0, start, count).to(type);
                    Tensor byLogits = Tensors.zeros(type, count, vocabulary);
                    for (int from = start; from < start + count; from += chunk) {
                        int to = Math.min(from + chunk, start + count);
                        try (PointerScope inner = new PointerScope()) {
                            Tensor logits = head.apply(Tensors.slice(states, 0, from - start, to - start))
                                    .to(ScalarType.Float);
                            byLogits.narrow(0, from - start, to - from)
                                    .copy_(chunk(
                                            logits,
                                            from,
                                            Arrays.copyOfRange(targets, from, to),
                                            Arrays.copyOfRange(temperatures, from, to)));
                        }
                    }
                    byHidden.narrow(0, start, count).copy_(head.back(byLogits));
                    Tensor sum = gradients.of(head.weight());
                    if (sum != null) {
                        sum.add_(Operators.weightGradient(byLogits, states));
                    }
                }
            }
        }
        return byHidden;
    }

    /** f32, [n, V]: with p = softmax(logits / tau), a and b the slopes: (a (onehot - p) - b p (log p + H)) / tau. */
    private Tensor chunk(Tensor logits, int from, long[] targets, float[] temperatures) {
        int n = targets.length;
        Tensor tau = Tensors.of(temperatures, n, 1);
        Tensor target = Tensors.of(targets, n, 1);
        Tensor logP = logits.div_(tau).log_softmax(1);
        Tensor p = logP.exp();
        Tensor entropy = p.mul(logP).sum(1).mul_(new Scalar(-1.0));
        float[] byLogProb = new float[n];
        float[] byEntropy = new float[n];
        loss.differentiate(
                from, Tensors.toFloats(logP.gather(1, target)), Tensors.toFloats(entropy), byLogProb, byEntropy);
        Tensor a = Tensors.of(byLogProb, n, 1).div_(tau);
        boolean entropyCounts = false;
        for (float slope : byEntropy) {
            entropyCounts |= slope != 0;
        }
        if (entropyCounts) {
            Tensor b = Tensors.of(byEntropy, n, 1).div_(tau);
            p.mul_(logP.add_(entropy.unsqueeze(1)).mul_(b).add_(a).mul_(new Scalar(-1.0)));
        } else {
            p.mul_(a.neg());
        }
        return p.scatter_add_(1, target, a);
    }
}
