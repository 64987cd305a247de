package dev.upbeat.rhythm;

import dev.upbeat.tensor.LayerAttention;
import dev.upbeat.trace.Horizon;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * FAI: future attention influence of each token, an attention weight in [0, 1] (arXiv 2510.13554, Eq. 10).
 *
 * <pre>FAI_s = mean over t in T(s) of Abar_glob[t,s],  T(s) = { t in R : s + Hlo &lt;= t &lt;= min(N - 1, s + Hhi) }</pre>
 *
 * <p>The sums over T(s) are column sums over a band of the map. If the horizon is open they run over the whole lower
 * triangle, and {@link FarColumns} computes the part beyond the band. The sums are computed for the map of each head.
 * FAI is linear in the map, so the FAI of the mean map is the mean over the heads. FAI is undefined (NaN) if T(s) is
 * empty.
 */
public final class Fai {
    private final AttentionBlocks blocks;
    private final AttentionSums.Request request;
    private final boolean open;
    private final boolean ownGap; // whether the sums to the end start at another distance than the horizon
    private final TensorVector toEndSums = new TensorVector();
    private final TensorVector horizonSums = new TensorVector();
    private final TensorVector gapSums = new TensorVector();

    /** @param n N, the length of the padded batch */
    Fai(AttentionBlocks blocks, AttentionSums.Request request, int n) {
        this.blocks = blocks;
        this.request = request;
        this.open = isOpen(request.horizon(), n);
        this.ownGap = request.toEnd() && request.gap() != request.horizon().lo();
    }

    /** Whether the horizon reaches the end of every response. */
    static boolean isOpen(Horizon horizon, int n) {
        return horizon.hi() >= n - 1;
    }

    /** Adds the attention of the next blocks. Entries outside the horizon are cleared in place. */
    void add(Tensor attention, long from, long count) {
        if (ownGap) {
            Tensor copy = attention.clone();
            blocks.clearNearer(copy, request.gap());
            gapSums.push_back(blocks.columnSums(copy, from, count));
        }
        blocks.clearNearer(attention, request.horizon().lo());
        if (open || (request.toEnd() && !ownGap)) {
            toEndSums.push_back(blocks.columnSums(attention, from, count));
        }
        if (!open) {
            blocks.clearFurther(attention, request.horizon().hi());
            horizonSums.push_back(blocks.columnSums(attention, from, count));
        }
    }

    /**
     * Sums of the attention that each token receives, per head, f32, [B, H, N].
     *
     * @param horizon over T(s)
     * @param toEnd from the gap to the end of the response; null if not requested. The same tensor as {@code horizon}
     *     if the two are equal
     */
    record Received(Tensor horizon, @Nullable Tensor toEnd) {}

    Received received(LayerAttention attention) {
        Tensor far = open || request.toEnd() ? far(attention) : null;
        Tensor toEnd = toEndSums.empty() ? null : withFar(toEndSums, far);
        Tensor horizon = open ? Objects.requireNonNull(toEnd) : blocks.overlapAdd(torch.cat(horizonSums, 0));
        return new Received(horizon, !request.toEnd() ? null : ownGap ? withFar(gapSums, far) : toEnd);
    }

    private Tensor withFar(TensorVector sums, @Nullable Tensor far) {
        Tensor near = blocks.overlapAdd(torch.cat(sums, 0));
        return far == null ? near : near.add(far);
    }

    /** The sums over keys before the key ranges; null if no such key has weight. */
    private @Nullable Tensor far(LayerAttention attention) {
        int n = (int) attention.q().size(2);
        return blocks.keysBefore() < Math.min(attention.slidingWindow(), n) - 1
                ? FarColumns.received(attention, request, blocks)
                : null;
    }

    /**
     * FAI from the sums over T(s): divides them by |T(s)|.
     *
     * @param received sums of one head over the T response tokens, [T]
     * @return [T], NaN where T(s) is empty
     */
    public static float[] mean(float[] received, Horizon horizon) {
        float[] means = new float[received.length];
        for (int s = 0; s < received.length; s++) {
            long last = Math.min(received.length - 1L, (long) s + horizon.hi());
            long rows = last - (s + (long) horizon.lo()) + 1;
            means[s] = rows <= 0 ? Float.NaN : (float) ((double) received[s] / rows);
        }
        return means;
    }
}
