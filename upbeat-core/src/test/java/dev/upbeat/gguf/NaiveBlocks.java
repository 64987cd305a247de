package dev.upbeat.gguf;

import java.nio.ByteBuffer;

/** Weights of ggml's quantised blocks, one at a time, as the loops of ggml's {@code dequantize_row_*} find them. */
final class NaiveBlocks {
    private static final int[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final int[] FLOATS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
    private static final int[] POWERS_OF_THREE = {1, 3, 9, 27, 81};

    private NaiveBlocks() {}

    /**
     * Weight {@code i} of a block.
     *
     * @param block its bytes, little endian
     */
    static float weight(GgufType type, ByteBuffer block, int i) {
        return switch (type) {
            case Q4_0 -> half(block, 0) * (nibble(block, 2, i) - 8);
            case Q4_1 -> half(block, 0) * nibble(block, 4, i) + half(block, 2);
            case Q5_0 -> half(block, 0) * ((nibble(block, 6, i) | bit(block, 2, i) << 4) - 16);
            case Q5_1 -> half(block, 0) * (nibble(block, 8, i) | bit(block, 4, i) << 4) + half(block, 2);
            case Q8_0 -> half(block, 0) * block.get(2 + i);
            case Q2_K -> q2K(block, i);
            case Q3_K -> q3K(block, i);
            case Q4_K ->
                half(block, 0) * scale(block, i / 32) * q4(block, 16, i) - half(block, 2) * minimum(block, i / 32);
            case Q5_K -> {
                int q = q4(block, 48, i) | (at(block, 16 + i % 32) >> (i / 32) & 1) << 4;
                yield half(block, 0) * scale(block, i / 32) * q - half(block, 2) * minimum(block, i / 32);
            }
            case Q6_K -> q6K(block, i);
            case IQ4_NL -> half(block, 0) * LEVELS[nibble(block, 2, i)];
            case IQ4_XS -> iq4Xs(block, i);
            case MXFP4 -> Math.scalb(1f, at(block, 0) - 128) * FLOATS[nibble(block, 1, i)];
            case TQ1_0 -> half(block, 52) * (digit(block, i) - 1);
            case TQ2_0 -> half(block, 64) * (q2(block, 0, i) - 1);
            case F32, F16, BF16 -> throw new IllegalArgumentException(type.name());
        };
    }

    private static float q2K(ByteBuffer block, int i) {
        int packed = at(block, i / 16);
        return half(block, 80) * (packed & 15) * q2(block, 16, i) - half(block, 82) * (packed >> 4);
    }

    private static float q3K(ByteBuffer block, int i) {
        int group = i / 16;
        int low = at(block, 96 + group % 8) >> (group < 8 ? 0 : 4) & 15;
        int high = at(block, 104 + group % 4) >> (2 * (group / 4)) & 3;
        boolean whole = (at(block, i % 32) >> (i / 32) & 1) != 0;
        return half(block, 108) * ((low | high << 4) - 32) * (q2(block, 32, i) - (whole ? 0 : 4));
    }

    private static float q6K(ByteBuffer block, int i) {
        int side = i / 128;
        int quarter = i % 128 / 32;
        int low = at(block, side * 64 + quarter % 2 * 32 + i % 32);
        int high = at(block, 128 + side * 32 + i % 32) >> (2 * quarter) & 3;
        int q = (quarter < 2 ? low & 15 : low >> 4) | high << 4;
        return half(block, 208) * block.get(192 + i / 16) * (q - 32);
    }

    private static float iq4Xs(ByteBuffer block, int i) {
        int group = i / 32;
        int low = at(block, 4 + group / 2) >> (group % 2 * 4) & 15;
        int high = block.getShort(2) >> (2 * group) & 3;
        return half(block, 0) * ((low | high << 4) - 32) * LEVELS[nibble(block, 8 + 16 * group, i % 32)];
    }

    /** Base-3 digit i of TQ1_0: 5 of each of 32 bytes, 5 of each of 16, 4 of each of 4. */
    private static int digit(ByteBuffer block, int i) {
        int part = i < 160 ? 0 : i < 240 ? 1 : 2;
        int width = new int[] {32, 16, 4}[part];
        int within = i - new int[] {0, 160, 240}[part];
        int value = at(block, new int[] {0, 32, 48}[part] + within % width);
        return ((value * POWERS_OF_THREE[within / width] & 0xff) * 3) >> 8;
    }

    private static int at(ByteBuffer block, int offset) {
        return block.get(offset) & 0xff;
    }

    /** Weight i of 32: the first half in the low nibbles of 16 bytes. */
    private static int nibble(ByteBuffer block, int offset, int i) {
        return at(block, offset + i % 16) >> (i < 16 ? 0 : 4) & 15;
    }

    private static int bit(ByteBuffer block, int offset, int i) {
        return block.getInt(offset) >> i & 1;
    }

    /** Weight i of 256, in runs of 64 whose first half is in the low nibbles of 32 bytes. */
    private static int q4(ByteBuffer block, int offset, int i) {
        return at(block, offset + i / 64 * 32 + i % 32) >> (i % 64 < 32 ? 0 : 4) & 15;
    }

    /** Weight i of 256, in runs of 128, each quarter of which is a bit pair of 32 bytes. */
    private static int q2(ByteBuffer block, int offset, int i) {
        return at(block, offset + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
    }

    /** As get_scale_min_k4 of ggml-quants.c. */
    private static int scale(ByteBuffer block, int j) {
        return j < 4 ? at(block, 4 + j) & 63 : at(block, 4 + j + 4) & 15 | (at(block, 4 + j - 4) >> 6) << 4;
    }

    private static int minimum(ByteBuffer block, int j) {
        return j < 4 ? at(block, 4 + j + 4) & 63 : at(block, 4 + j + 4) >> 4 | (at(block, 4 + j) >> 6) << 4;
    }

    /** IEEE half to float, but for infinities and NaN. */
    private static float half(ByteBuffer block, int offset) {
        int bits = block.getShort(offset);
        int exponent = bits >> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        float magnitude =
                exponent == 0 ? Math.scalb((float) mantissa, -24) : Math.scalb(1024f + mantissa, exponent - 25);
        return bits < 0 ? -magnitude : magnitude;
    }
}
