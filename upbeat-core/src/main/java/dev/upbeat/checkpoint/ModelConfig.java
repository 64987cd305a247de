package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.ModelShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's shape, from config.json or from a GGUF file's metadata.
 *
 * @param layers L
 * @param hidden E
 * @param heads H, query heads
 * @param kvHeads K, key/value heads; divides H
 * @param headDim D, which differs from E / H in some models
 * @param mlp inner width of the MLP
 * @param vocabulary V
 * @param context longest sequence the model was made for, tokens; the scaled length if {@code ropeScaling} is yarn or
 *     dynamic
 * @param rmsNormEps epsilon of every RMSNorm
 * @param ropeTheta base of the rotary frequencies
 * @param qkvBias whether the q, k and v projections have a bias
 * @param outputBias whether the attention's output projection has a bias
 * @param mlpBias whether the MLP's projections have a bias
 * @param qkNorm whether q and k pass an RMSNorm over D before the rotation (Qwen3)
 * @param tiedEmbeddings whether the head is the embedding
 * @param slidingWindows number of most recent keys that a query sees in each layer, its own included, 0 for all; [L]
 * @param storedDtype the checkpoint's dtype, as in config.json ("bfloat16", "float16", "float32"); null if unknown
 * @param eosTokenIds ids that end a response according to the model's own settings (config.json and
 *     generation_config.json, or GGUF metadata); may be empty. {@link Checkpoint#stopTokens} adds the tokenizer's
 */
public record ModelConfig(
        Architecture architecture,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int mlp,
        int vocabulary,
        int context,
        double rmsNormEps,
        double ropeTheta,
        RopeScaling ropeScaling,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        boolean tiedEmbeddings,
        List<Integer> slidingWindows,
        @Nullable String storedDtype,
        List<Integer> eosTokenIds) {

    /** The sizes on which the speed of kernels depends. */
    public ModelShape shape() {
        return new ModelShape(hidden, mlp, heads, kvHeads, headDim);
    }

    /** The same model, stored in {@code dtype}. */
    public ModelConfig storedIn(Dtype dtype) {
        return with(tiedEmbeddings, dtype == Dtype.F32 ? "float32" : "bfloat16", eosTokenIds);
    }

    /** The same model, stored in {@code dtype} if its own dtype is unknown (as for a quantised file). */
    public ModelConfig storedAs(Dtype dtype) {
        return storedDtype != null ? this : storedIn(dtype);
    }

    /** The same model with a separate head. */
    ModelConfig untied() {
        return with(false, storedDtype, eosTokenIds);
    }

    /**
     * The first layers of the model, with a separate head.
     *
     * @param count from 1 to L
     */
    public ModelConfig firstLayers(int count) {
        return with(count, false, storedDtype, eosTokenIds);
    }

    private ModelConfig with(boolean tied, @Nullable String dtype, List<Integer> stops) {
        return with(layers, tied, dtype, stops);
    }

    private ModelConfig with(int firstLayers, boolean tied, @Nullable String dtype, List<Integer> stops) {
        return new ModelConfig(
                architecture,
                firstLayers,
                hidden,
                heads,
                kvHeads,
                headDim,
                mlp,
                vocabulary,
                context,
                rmsNormEps,
                ropeTheta,
                ropeScaling,
                qkvBias,
                outputBias,
                mlpBias,
                qkNorm,
                tied,
                slidingWindows.subList(0, firstLayers),
                dtype,
                stops);
    }

    /**
     * Rejects token ids outside the vocabulary.
     *
     * @param what name of the ids in the message: "trace 7", "row a: prompt"
     * @throws BadInputException if an id is negative or not below V
     */
    public void requireKnown(int[] ids, String what) {
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new BadInputException(what + " id " + id + " is outside the model's vocabulary of " + vocabulary
                        + " tokens (0 to " + (vocabulary - 1) + "). Check that it comes from this model's tokenizer");
            }
        }
    }

    /**
     * Returns the prompt if it leaves room for a response.
     *
     * @param prompt ids, [P]
     * @param what name of the prompt in the message: "problem 7", "row a: the prompt"
     * @throws BadInputException if the prompt is empty, has an unknown id, or fills the context
     */
    public int[] requireRoom(int[] prompt, String what) {
        if (prompt.length == 0) {
            throw new BadInputException(what + " is empty; expected at least one token");
        }
        requireKnown(prompt, what + ":");
        if (prompt.length >= context) {
            throw new BadInputException(what + " has " + prompt.length
                    + " tokens, which leaves no room for a response: the model has a context of " + context
                    + "; shorten it");
        }
        return prompt;
    }
}
