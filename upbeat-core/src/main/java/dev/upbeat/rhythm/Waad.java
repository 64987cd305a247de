package dev.upbeat.rhythm;

import dev.upbeat.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * WAAD: windowed average attention distance of each row, in tokens (arXiv 2510.13554, Eq. 9).
 *
 * <pre>WAAD_t = sum over s &lt;= t of Abar_loc[t,s] min(t - s, W)</pre>
 *
 * <p>A row of the map sums to 1, so this is {@code W - sum over 0 <= d < W of A[t,t-d] (W - d)}, which needs only a
 * band of W keys per row. It is computed for the map of each head. WAAD is linear in the map, so the WAAD of the mean
 * map is the mean over the heads.
 */
final class Waad {
    private final AttentionBlocks blocks;
    private final int window;
    private final Tensor weights;
    private final TensorVector bands = new TensorVector();

    /** @param window W, reduced by {@link #bandKeys} */
    Waad(AttentionBlocks blocks, int window) {
        this.blocks = blocks;
        this.window = window;
        float[] weights = new float[window]; // W - d for d = W - 1 .. 0
        for (int i = 0; i < window; i++) {
            weights[i] = i + 1;
        }
        this.weights = Tensors.of(weights, window);
    }

    /** W, at most N. Distances are below N, so a larger W gives the same WAAD, but loses precision in W - sum. */
    static int bandKeys(int window, int n) {
        return Math.min(window, n);
    }

    /** Adds the attention of the next blocks. */
    void add(Tensor attention) {
        bands.push_back(blocks.diagonals(attention, window).mul(weights).sum(3));
    }

    /** WAAD of every row of every head, f32, [B, H, N]; valid from the first row that counts. */
    Tensor rows() {
        return blocks.rowsToSequence(torch.cat(bands, 0).neg_().add_(new Scalar(window)));
    }
}
