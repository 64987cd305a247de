package dev.upbeat.checkpoint;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Blocks of ggml's quantised types as f32, by whole-tensor operations. The layouts are those of ggml's {@code block_q*}
 * structs, the order of roundings that of the {@code gguf} package's {@code quants.py}, so the results equal its to the bit.
 * In the shapes n is the number of blocks; scales d and minima m are stored in f16.
 */
final class Dequantize {
    private Dequantize() {}

    /**
     * @param blocks [n, {@link GgufType#blockBytes}] uint8, strides and offset even (f16 is viewed in it)
     * @param out [n, {@link GgufType#blockSize}] f32, contiguous; overwritten
     */
    static void into(GgufType type, Tensor blocks, Tensor out) {
        switch (type) {
            case Q4_0 -> q4Zero(blocks, out);
            case Q4_1 -> q4One(blocks, out);
            case Q8_0 -> q8Zero(blocks, out);
            case Q4_K -> q4K(blocks, out);
            case Q6_K -> q6K(blocks, out);
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " is not quantised");
        }
    }

    /** d, 16 bytes of nibbles: w = d * (q - 8). */
    private static void q4Zero(Tensor blocks, Tensor out) {
        nibbles(blocks.narrow(1, 2, 16), out.view(-1, 2, 16));
        out.sub_(new Scalar(8)).mul_(half(blocks, 0));
    }

    /** d, m, 16 bytes of nibbles: w = d * q + m. */
    private static void q4One(Tensor blocks, Tensor out) {
        nibbles(blocks.narrow(1, 4, 16), out.view(-1, 2, 16));
        out.mul_(half(blocks, 0)).add_(half(blocks, 2));
    }

    /** d, 32 signed bytes: w = d * q. */
    private static void q8Zero(Tensor blocks, Tensor out) {
        out.copy_(blocks.narrow(1, 2, 32).view(ScalarType.Char)).mul_(half(blocks, 0));
    }

    /** d, m, 8 scales and 8 minima of 6 bits in 12 bytes, 4 x 32 bytes of nibbles: w = d * scale * q - m * minimum. */
    private static void q4K(Tensor blocks, Tensor out) {
        Tensor packed = blocks.narrow(1, 4, 12);
        Tensor low = packed.narrow(1, 0, 4); // scales 0-3, above them the high bits of scales 4-7
        Tensor middle = packed.narrow(1, 4, 4); // minima 0-3, above them the high bits of minima 4-7
        Tensor high = packed.narrow(1, 8, 4); // low bits of scales 4-7, above them those of minima 4-7
        Tensor scales =
                torch.cat(new TensorVector(bits(low, 0, 0x3f), joined(bits(high, 0, 0x0f), bits(low, 6, 0x03))), 1);
        Tensor minima = torch.cat(
                new TensorVector(bits(middle, 0, 0x3f), joined(bits(high, 4, 0x0f), bits(middle, 6, 0x03))), 1);
        nibbles(blocks.narrow(1, 16, 128).unflatten(1, 4, 32), out.view(-1, 4, 2, 32));
        out.view(-1, 8, 32)
                .mul_(half(blocks, 0).mul(scales).unsqueeze(2))
                .sub_(half(blocks, 2).mul(minima).unsqueeze(2));
    }

    /** 2 x 64 bytes of low nibbles, 2 x 32 bytes of high bit pairs, 16 signed scales, d: w = d * scale * (q - 32). */
    private static void q6K(Tensor blocks, Tensor out) {
        Tensor low = torch.empty_like(out.view(-1, 2, 2, 64), new TensorOptions(ScalarType.Byte), null);
        nibbles(blocks.narrow(1, 0, 128).unflatten(1, 2, 64), low);
        Tensor shifts = torch.tensor(new byte[] {0, 2, 4, 6}, new TensorOptions(ScalarType.Byte))
                .view(4, 1);
        Tensor pairs = blocks.narrow(1, 128, 64).unflatten(1, 2, 1, 32);
        Tensor high = pairs.bitwise_right_shift(shifts).bitwise_and(new Scalar(0x03)); // [n, 2, 4, 32]
        out.view(-1, 2, 4, 32).copy_(joined(low.view(-1, 2, 4, 32), high));
        Tensor scales = blocks.narrow(1, 192, 16).view(ScalarType.Char);
        out.sub_(new Scalar(32))
                .view(-1, 16, 16)
                .mul_(half(blocks, 208).mul(scales).unsqueeze(2));
    }

    /** The f16 at byte {@code offset} of each block, as f32 [n, 1]. */
    private static Tensor half(Tensor blocks, long offset) {
        return blocks.narrow(1, offset, 2).view(ScalarType.Half).to(ScalarType.Float);
    }

    /** Low nibbles of {@code bytes} [.., c] into {@code out} [.., 0, c], high ones into [.., 1, c]. */
    private static void nibbles(Tensor bytes, Tensor out) {
        out.select(-2, 0).copy_(bits(bytes, 0, 0x0f));
        out.select(-2, 1).copy_(bits(bytes, 4, 0x0f));
    }

    private static Tensor bits(Tensor bytes, int shift, int mask) {
        return bytes.bitwise_right_shift(new Scalar(shift)).bitwise_and(new Scalar(mask));
    }

    /** Six bits of four low and two high ones. */
    private static Tensor joined(Tensor low, Tensor high) {
        return high.bitwise_left_shift(new Scalar(4)).bitwise_or(low);
    }
}
