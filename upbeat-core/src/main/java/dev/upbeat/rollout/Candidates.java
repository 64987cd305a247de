package dev.upbeat.rollout;

import dev.upbeat.model.Decoder;
import dev.upbeat.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;

/** The most likely tokens at positions of a given sequence. */
public final class Candidates {
    /** Number of rows whose logits are in memory at once. */
    private static final int ROWS = 64;

    private Candidates() {}

    /**
     * A candidate token.
     *
     * @param id token
     * @param probability probability at temperature 1
     */
    public record Candidate(int id, double probability) {}

    /**
     * Finds the candidates.
     *
     * @param ids token ids of the sequence, [N]
     * @param positions positions at which to find candidates, at least 1; row t - 1 predicts token t
     * @param count number of candidates per position, at most V
     * @return the candidates of each position, the most likely first
     */
    public static List<List<Candidate>> of(Decoder decoder, int[] ids, int[] positions, int count) {
        decoder.config().requireKnown(ids, "the sequence:");
        long[] rows =
                Arrays.stream(positions).mapToLong(position -> position - 1L).toArray();
        List<List<Candidate>> all = new ArrayList<>();
        try (AutoGradMode noGrad = new AutoGradMode(false);
                PointerScope scope = new PointerScope()) {
            long[] sequence = Arrays.stream(ids).asLongStream().toArray();
            Tensor hidden =
                    decoder.forward(Tensors.of(sequence, 1, ids.length), null).squeeze(0);
            for (int from = 0; from < rows.length; from += ROWS) {
                long[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + ROWS));
                all.addAll(top(decoder, hidden.index_select(0, Tensors.of(some, some.length)), count));
            }
        }
        return all;
    }

    private static List<List<Candidate>> top(Decoder decoder, Tensor hidden, int count) {
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensor_T top = decoder.logits(hidden).softmax(1).topk(count);
            float[] probabilities = Tensors.toFloats(new Tensor(top.get0()));
            long[] ids = Tensors.toLongs(new Tensor(top.get1()));
            List<List<Candidate>> all = new ArrayList<>();
            for (int row = 0; row < ids.length / count; row++) {
                List<Candidate> candidates = new ArrayList<>();
                for (int i = row * count; i < (row + 1) * count; i++) {
                    candidates.add(new Candidate((int) ids[i], probabilities[i]));
                }
                all.add(candidates);
            }
            return all;
        }
    }
}
