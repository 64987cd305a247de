package dev.upbeat.model;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Maps between packed tokens, [1, U, ..], and places of the batch that attention sees, [B, N, ..]; null where the two are the
 * same.
 *
 * @param tokenOfPlace for each place the packed token there, any for padding: int64, [B N]
 * @param ownerOfPlace the packed token whose own place this is, U for others: int64, [B N]
 * @param placeOfToken each token's own place: int64, [U]
 */
record PaddedLayout(
        Packing packing,
        @Nullable Tensor tokenOfPlace,
        @Nullable Tensor ownerOfPlace,
        @Nullable Tensor placeOfToken) {
    static PaddedLayout of(Packing packing) {
        return packing.isWhole()
                ? new PaddedLayout(packing, null, null, null)
                : new PaddedLayout(packing, packing.tokenOfPlace(), packing.ownerOfPlace(), packing.placeOfToken());
    }

    /** {@code x} [1, U, heads, D] at every place: [B, N, heads, D]. */
    Tensor spread(Tensor x) {
        long[] shape = {packing.rows(), packing.longest(), x.size(2), x.size(3)};
        return tokenOfPlace == null
                ? x.reshape(shape)
                : x.select(0, 0).index_select(0, tokenOfPlace).view(shape);
    }

    /** {@code x} [B, N, C] at the tokens' own places: [1, U, C]. */
    Tensor pack(Tensor x) {
        Tensor flat = x.flatten(0, 1);
        return (placeOfToken == null ? flat : flat.index_select(0, placeOfToken)).unsqueeze(0);
    }
}
