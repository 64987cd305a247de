package dev.upbeat.learn;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.WeightShapes;
import dev.upbeat.checkpoint.WeightSource;
import dev.upbeat.model.Decoder;
import dev.upbeat.model.Packing;
import dev.upbeat.model.Tape;
import dev.upbeat.observe.TraceBatch;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Critic: the first layers of a model, its last norm, and a linear head without bias, which is 0 at the start. The value of
 * a state is the head's product with the hidden state, in f32. The state of response token t is the prompt and the response
 * before t. Not safe for use by several threads at once.
 */
final class Critic implements AutoCloseable {
    /** The value head, [1, E], takes the place of the projection to the vocabulary. */
    static final String HEAD = "lm_head.weight";

    static final String EMBEDDING = "model.embed_tokens.weight";

    /** Tokens of a batch whose values are computed at once. */
    private static final int BATCH_TOKENS = 4096;

    private final ModelConfig config;
    private final Optimization optimization;
    private final MasterWeights weights;
    private final AdamW adamW;
    private final Decoder decoder;
    private final GradientSums sums;

    /**
     * @param config of the backbone ({@link ModelConfig#firstLayers})
     * @param start weights at the start; copied
     * @param embedding in {@code compute}, [V, E], not trained; null to train a copy of it. It must stay open as long as the
     *     critic is used
     * @param compute dtype of the matrix products of the backbone
     */
    Critic(
            ModelConfig config,
            WeightSource start,
            @Nullable Tensor embedding,
            Dtype compute,
            Optimization optimization) {
        this.config = config;
        this.optimization = optimization;
        this.weights = new MasterWeights(new FlatWeights(shapes(config, embedding != null)), compute);
        this.adamW = new AdamW(weights.layout(), optimization.adamW());
        for (String name : weights.layout().names()) {
            if (!name.equals(HEAD)) {
                Scoped.run(() -> weights.master(name).copy_(start.read(name, Dtype.F32)));
            }
        }
        weights.round();
        this.decoder = Decoder.load(config, new Views(embedding), compute);
        this.sums = new GradientSums(weights, decoder.workers());
    }

    /** Shapes of the trained weights by name. */
    static Map<String, long[]> shapes(ModelConfig config, boolean frozenEmbedding) {
        Map<String, long[]> shapes = WeightShapes.of(config);
        shapes.put(HEAD, new long[] {1, config.hidden()});
        if (frozenEmbedding) {
            shapes.remove(EMBEDDING);
        }
        return shapes;
    }

    /** The decoder's weights: views, which follow every update. */
    private final class Views implements WeightSource {
        private final @Nullable Tensor embedding;

        Views(@Nullable Tensor embedding) {
            this.embedding = embedding;
        }

        @Override
        public Set<String> names() {
            return WeightShapes.of(config).keySet();
        }

        @Override
        public long[] shape(String name) {
            return weights.layout().has(name)
                    ? weights.layout().shape(name)
                    : new long[] {config.vocabulary(), config.hidden()};
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            return embedding != null && name.equals(EMBEDDING)
                    ? embedding.narrow(0, 0, config.vocabulary())
                    : weights.view(name, dtype);
        }

        @Override
        public void close() {}
    }

    MasterWeights weights() {
        return weights;
    }

    AdamW adamW() {
        return adamW;
    }

    /** Values of the states in which the response tokens were drawn, [B][T]. */
    float[][] values(List<Trace> traces) {
        float[][] values = new float[traces.size()][];
        List<TraceBatch> batches = TraceBatch.cut(traces, BATCH_TOKENS, config.ropeScaling(), sums.workers());
        sums.workers().run(batches.size(), i -> {
            try (AutoGradMode noGrad = new AutoGradMode(false);
                    PointerScope scope = new PointerScope()) {
                Packing packing = batches.get(i).packing(false);
                Tensor states = states(decoder.forward(packing, null), packing);
                split(Tensors.toFloats(states.matmul(head().t())), batches.get(i), values);
            }
        });
        return values;
    }

    private static void split(float[] ofBatch, TraceBatch batch, float[][] values) {
        int end = 0;
        for (int b = 0; b < batch.traces().size(); b++) {
            int start = end;
            end += batch.traces().get(b).responseIds().length;
            values[batch.indices().get(b)] = Arrays.copyOfRange(ofBatch, start, end);
        }
    }

    private Tensor head() {
        return weights.master(HEAD);
    }

    /** Hidden states that predict the response tokens, one response after the other, [sum of T, E]. */
    private static Tensor states(Tensor output, Packing packing) {
        long[] rows = packing.predictingTokens();
        return output.detach().select(0, 0).index_select(0, Tensors.of(rows, rows.length));
    }

    /**
     * Takes one gradient step on the mean over all response tokens of (value - return)^2.
     *
     * @param traces at least one
     * @param returns the return of all states of each response, [B]
     * @return the loss before the step
     * @throws DivergedException if the loss or its gradient is not finite; the weights are unchanged
     */
    double update(List<Trace> traces, double[] returns) {
        double loss = accumulate(traces, returns);
        double norm = weights.gradientNorm();
        double learningRate = optimization.schedule().at(adamW.steps());
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new DivergedException(adamW.steps(), loss, norm, learningRate);
        }
        weights.clipGradients(norm, optimization.clip());
        adamW.step(weights.masters(), weights.gradients(), learningRate);
        weights.round();
        return loss;
    }

    /** Replaces the gradients by those of the loss, and returns the loss. */
    double accumulate(List<Trace> traces, double[] returns) {
        long tokens =
                traces.stream().mapToLong(trace -> trace.responseIds().length).sum();
        List<TraceBatch> batches =
                TraceBatch.cut(traces, optimization.tokensFor(config), config.ropeScaling(), sums.workers());
        double[] squares = new double[batches.size()];
        sums.accumulate(squares.length, (sum, i) -> {
            List<Integer> indices = batches.get(i).indices();
            float[] targets = new float[indices.size()];
            for (int b = 0; b < targets.length; b++) {
                targets[b] = (float) returns[indices.get(b)];
            }
            squares[i] = backward(batches.get(i), targets, sum);
        });
        Scoped.run(() -> weights.gradients().mul_(Tensors.scalar(2.0 / tokens)));
        return Arrays.stream(squares).sum() / tokens;
    }

    /** Adds half the gradient of the sum of squares to {@code sum}, and returns the sum of squares. */
    private double backward(TraceBatch batch, float[] returns, Tensor sum) {
        Packing packing = batch.packing(false);
        try (PointerScope scope = new PointerScope();
                Tape tape = new Tape(packing, weights.gradientsIn(sum), optimization.checkpointing())) {
            Tensor output = decoder.forward(tape);
            Tensor outputGradient;
            double squares;
            try (AutoGradMode noGrad = new AutoGradMode(false)) {
                Tensor states = states(output, packing);
                float[] targets = packing.repeatPerToken(returns);
                Tensor errors = states.matmul(head().t()).sub_(Tensors.of(targets, targets.length, 1));
                squares = 0;
                for (float error : Tensors.toFloats(errors)) {
                    squares += (double) error * error;
                }
                weights.layout().view(sum, HEAD).add_(errors.t().matmul(states));
                long[] rows = packing.predictingTokens();
                outputGradient = Tensors.zeros(ScalarType.Float, packing.size(), config.hidden())
                        .index_add_(0, Tensors.of(rows, rows.length), errors.matmul(head()));
            }
            tape.backward(output, outputGradient.unsqueeze(0));
            return squares;
        }
    }

    @Override
    public void close() {
        sums.close();
        decoder.close();
        adamW.close();
        weights.close();
    }
}
