package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Conversion between packed tokens, [1, U, ..], and the padded batch, [B, N, ..], on which attention runs. The indices
 * are null if the two hold the same tokens in the same order.
 *
 * @param tokenOfSlot packed index of the token in each slot of the padded batch, 0 for padding: int64, [B N]
 * @param ownerOfSlot the same, but U for padding and for further copies of a shared prompt: int64, [B N]
 * @param slotOfToken slot of each token, the first one for a shared prompt: int64, [U]
 */
record PaddedLayout(
        Packing packing,
        @Nullable Tensor tokenOfSlot,
        @Nullable Tensor ownerOfSlot,
        @Nullable Tensor slotOfToken) {
    static PaddedLayout of(Packing packing) {
        return packing.hasNoPadding()
                ? new PaddedLayout(packing, null, null, null)
                : new PaddedLayout(packing, packing.tokenOfSlot(), packing.ownerOfSlot(), packing.slotOfToken());
    }

    /** Copies {@code x} [1, U, heads, D] into the slots of the padded batch: [B, N, heads, D]. */
    Tensor toPadded(Tensor x) {
        long[] shape = {packing.rows(), packing.longest(), x.size(2), x.size(3)};
        return tokenOfSlot == null
                ? x.reshape(shape)
                : x.select(0, 0).index_select(0, tokenOfSlot).view(shape);
    }

    /** Takes the packed tokens of {@code x} [B, N, C]: [1, U, C]. */
    Tensor toPacked(Tensor x) {
        Tensor flat = x.flatten(0, 1);
        return (slotOfToken == null ? flat : flat.index_select(0, slotOfToken)).unsqueeze(0);
    }
}
