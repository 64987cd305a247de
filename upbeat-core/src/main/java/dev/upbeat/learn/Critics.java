package dev.upbeat.learn;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.Finite;
import dev.upbeat.series.RandomStream;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.ObservedStep;
import dev.upbeat.trace.Rollouts;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The M mini-critics of AsyPPO (arXiv 2510.01656). All start from the same weights; they come to differ because critic m
 * learns only from the responses i with i mod M = m of every group. Choices:
 *
 * <ol>
 *   <li>The backbone is the first layers of the policy at the start, with its last norm; the paper takes a smaller model of
 *       the same family.
 *   <li>The reward is given at the last token and not discounted, so the return of every state of a response is its reward.
 *   <li>An epoch of a critic has as many gradient steps as the policy's update, but no more than it has responses; each is
 *       the mean over the tokens of its responses.
 *   <li>AdamW with a constant learning rate, betas 0.9 and 0.999, no weight decay, gradients clipped to norm 1.
 * </ol>
 */
public final class Critics implements AutoCloseable {
    /** Four f32 numbers per trained weight: the master, the gradient and the two moments of AdamW. */
    public static final int BYTES_A_WEIGHT = 16;

    private final List<Critic> critics = new ArrayList<>();
    private final @Nullable Tensor embedding;
    private final Settings settings;
    private final long seed;

    /**
     * @param count M, at least 2
     * @param layers number of layers of the backbone
     * @param trainsEmbedding whether each critic trains a copy of the embedding
     * @param epochs passes over the responses of a step
     * @param gradientSteps gradient steps of an epoch
     */
    public record Settings(int count, int layers, boolean trainsEmbedding, int epochs, int gradientSteps) {}

    /**
     * @param start the model that the policy started from; it must stay open as long as the critics are used
     * @param compute dtype of matrix products
     * @param seed seed of the order of the responses
     */
    public Critics(Checkpoint start, Dtype compute, Settings settings, Optimization optimization, long seed) {
        this.settings = settings;
        this.seed = seed;
        ModelConfig config = start.config().firstLayers(settings.layers);
        this.embedding = settings.trainsEmbedding ? null : embedding(start, compute);
        try {
            for (int m = 0; m < settings.count; m++) {
                critics.add(new Critic(config, start.weights(), embedding, compute, optimization));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static Tensor embedding(Checkpoint start, Dtype compute) {
        try (PointerScope scope = new PointerScope()) {
            return Scoped.keep(start.weights().read(Critic.EMBEDDING, compute));
        }
    }

    /** Number of trained weights of each critic. */
    public static long trainedWeights(ModelConfig policy, int layers, boolean trainsEmbedding) {
        return Critic.shapes(policy.firstLayers(layers), !trainsEmbedding).values().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .sum();
    }

    /**
     * Adds the critics' mean value of each state and their standard deviation (which divides by M) to the observations.
     *
     * @param seen in which all responses are observed
     */
    public ObservedStep value(Rollouts rollouts, ObservedStep seen) {
        List<Trace> traces = rollouts.traces();
        List<float[][]> values =
                critics.stream().map(critic -> critic.values(traces)).toList();
        float[][] means = new float[traces.size()][];
        float[][] deviations = new float[traces.size()][];
        for (int i = 0; i < means.length; i++) {
            combine(values, i, means, deviations);
            Finite.require(means[i], "values of trace " + traces.get(i).id());
        }
        return seen.with(Observation.VALUE, (i, own) -> means[i])
                .with(Observation.VALUE_STD, (i, own) -> deviations[i]);
    }

    /** @param values by critic, [M][B][T] */
    private static void combine(List<float[][]> values, int i, float[][] means, float[][] deviations) {
        int length = values.get(0)[i].length;
        means[i] = new float[length];
        deviations[i] = new float[length];
        for (int t = 0; t < length; t++) {
            double sum = 0;
            for (float[][] ofCritic : values) {
                sum += ofCritic[i][t];
            }
            double mean = sum / values.size();
            double squares = 0;
            for (float[][] ofCritic : values) {
                squares += (ofCritic[i][t] - mean) * (ofCritic[i][t] - mean);
            }
            means[i][t] = (float) mean;
            deviations[i][t] = (float) Math.sqrt(squares / values.size());
        }
    }

    /**
     * Trains each critic on its responses.
     *
     * @param rewards [B]
     * @throws DivergedException if a loss or a gradient is not finite
     */
    public void train(Rollouts rollouts, double[] rewards) {
        for (int m = 0; m < critics.size(); m++) {
            train(m, rollouts.traces(), rewards, rollouts.group());
        }
    }

    private void train(int m, List<Trace> traces, double[] rewards, int group) {
        Critic critic = critics.get(m);
        for (int epoch = 0; epoch < settings.epochs; epoch++) {
            List<Integer> order = order(m, traces.size(), group, critic.adamW().steps());
            int steps = Math.min(settings.gradientSteps, order.size());
            for (int step = 0; step < steps; step++) {
                List<Integer> minibatch = order.subList(order.size() * step / steps, order.size() * (step + 1) / steps);
                critic.update(
                        minibatch.stream().map(traces::get).toList(),
                        minibatch.stream().mapToDouble(i -> rewards[i]).toArray());
            }
        }
    }

    /** The responses of critic m, with the groups in a random order that differs in every epoch. */
    private List<Integer> order(int m, int responses, int group, long steps) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int start = 0; start < responses; start += group) {
            List<Integer> own = new ArrayList<>();
            for (int i = m; i < group; i += settings.count) {
                own.add(start + i);
            }
            groups.add(own);
        }
        RandomStream.shuffle(groups, RandomStream.of(seed, m, steps));
        return groups.stream().flatMap(List::stream).toList();
    }

    /** Saves the state of each critic in a directory of its own. */
    public void save(Path directory) throws IOException {
        for (int m = 0; m < critics.size(); m++) {
            LearnerState.save(directory.resolve("critic-" + m), critics.get(m));
        }
    }

    /**
     * Restores a saved state.
     *
     * @throws dev.upbeat.io.BadInputException if the state is missing, damaged or of another model
     */
    public void load(Path directory) {
        for (int m = 0; m < critics.size(); m++) {
            LearnerState.load(directory.resolve("critic-" + m), critics.get(m));
        }
    }

    @Override
    public void close() {
        critics.forEach(Critic::close);
        if (embedding != null) {
            embedding.close();
        }
    }
}
