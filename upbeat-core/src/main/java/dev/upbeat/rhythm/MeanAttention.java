package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.tensor.Operators;
import dev.upbeat.tensor.Scoped;
import dev.upbeat.tensor.Tensors;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.Links;
import dev.upbeat.trace.MeanMaps;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rows of the mean map of a head group (Abar in docs/method.md, section 2), for links and pictures. Computed in blocks
 * of queries, so memory is O(block * N).
 */
public final class MeanAttention {
    private static final int BLOCK_ROWS = 128;

    private final Map<Integer, LayerAttention> layers;
    private final int sequence;

    /**
     * @param layers attention of a batch by layer, for every layer with heads of the groups
     * @param sequence index of the sequence in the batch
     */
    public MeanAttention(Map<Integer, LayerAttention> layers, int sequence) {
        this.layers = layers;
        this.sequence = sequence;
    }

    /**
     * The strongest strictly earlier keys of queries in a mean map, strongest first; ties go to the earlier position.
     * Rows with fewer keys are filled with position -1 and weight 0.
     *
     * @param positions absolute, [queries][m]
     * @param weights attention weight, [queries][m]
     */
    public record StrongestKeys(int[][] positions, float[][] weights) {}

    /**
     * The strongest earlier keys of each query in [start, end), in the mean maps of two groups.
     *
     * @param count m, number of links per query
     */
    public Links links(List<Head> global, List<Head> local, int start, int end, int count) {
        StrongestKeys globally = strongest(global, start, end, count);
        StrongestKeys locally = strongest(local, start, end, count);
        return new Links(globally.positions, globally.weights, locally.positions, locally.weights);
    }

    /** The strongest earlier keys of each query in [start, end), in the mean map of a group. */
    public StrongestKeys strongest(List<Head> group, int start, int end, int count) {
        int rows = end - start;
        StrongestKeys strongest = new StrongestKeys(new int[rows][count], new float[rows][count]);
        for (int from = start; from < end; from += BLOCK_ROWS) {
            int first = from;
            int last = Math.min(end, from + BLOCK_ROWS);
            Scoped.run(() -> fill(rows(group, first, last), first, first - start, strongest));
        }
        return strongest;
    }

    /** The two mean maps over the positions [start, end). */
    public MeanMaps maps(List<Head> global, List<Head> local, int start, int end) {
        try (PointerScope scope = new PointerScope()) {
            return new MeanMaps(
                    start,
                    end,
                    Tensors.toFloats(Tensors.slice(rows(global, start, end), 1, start, end)),
                    Tensors.toFloats(Tensors.slice(rows(local, start, end), 1, start, end)));
        }
    }

    /** Rows [start, end) of the group's mean map over the keys [0, end): f32, [end - start, end]. */
    Tensor rows(List<Head> group, int start, int end) {
        return Scoped.call(() -> {
            Tensor sum = Tensors.zeros(ScalarType.Float, end - start, end);
            for (Map.Entry<Integer, LayerAttention> layer : layers.entrySet()) {
                long[] heads = group.stream()
                        .filter(head -> head.layer() == layer.getKey())
                        .mapToLong(Head::head)
                        .toArray();
                for (long head : heads) {
                    Scoped.run(() -> sum.add_(map(layer.getValue(), head, start, end)));
                }
            }
            return sum.div_(new Scalar((double) group.size()));
        });
    }

    /** Rows [start, end) of the map of one head over the keys [0, end). */
    private Tensor map(LayerAttention layer, long head, int start, int end) {
        long groupSize = layer.q().size(1) / layer.k().size(1);
        Tensor q = at(layer.q(), head).narrow(0, start, end - start);
        Tensor k = at(layer.k(), head / groupSize).narrow(0, 0, end);
        Tensor lse = at(layer.lse(), head).narrow(0, start, end - start);
        Tensor distance = torch.arange(new Scalar(start), new Scalar(end))
                .unsqueeze(1)
                .sub(torch.arange(new Scalar(end)).unsqueeze(0));
        Tensor masked = distance.lt(new Scalar(0)).logical_or(distance.ge(new Scalar(layer.slidingWindow())));
        return Operators.linear(
                        q.to(ScalarType.Float).mul(new Scalar(layer.scale())).contiguous(),
                        k.to(ScalarType.Float).contiguous(),
                        null)
                .sub_(lse.unsqueeze(1))
                .masked_fill_(masked, new Scalar(Double.NEGATIVE_INFINITY))
                .exp_();
    }

    private Tensor at(Tensor x, long head) {
        return x.select(0, sequence).select(0, head);
    }

    /**
     * Fills {@code strongest} from row {@code row} on.
     *
     * @param rows rows of the mean map, [rows, keys]
     * @param query position of the first of these rows
     */
    private static void fill(Tensor rows, int query, int row, StrongestKeys strongest) {
        int count = strongest.positions[0].length;
        int keys = (int) rows.size(1);
        // Only strictly earlier keys; a stable descending sort keeps the earlier of equal weights first.
        Tensor earlier = rows.tril((long) query - 1);
        T_TensorTensor_T sorted = earlier.sort(new org.bytedeco.pytorch.BoolOptional(true), 1, true);
        int kept = Math.min(count, keys);
        float[] values = Tensors.toFloats(new Tensor(sorted.get0()).narrow(1, 0, kept));
        long[] indices = Tensors.toLongs(new Tensor(sorted.get1()).narrow(1, 0, kept));
        for (int r = 0; r < rows.size(0); r++) {
            for (int i = 0; i < count; i++) {
                boolean exists = i < kept && indices[r * kept + i] < query + r;
                strongest.positions[row + r][i] = exists ? (int) indices[r * kept + i] : -1;
                strongest.weights[row + r][i] = exists ? values[r * kept + i] : 0;
            }
        }
    }
}
