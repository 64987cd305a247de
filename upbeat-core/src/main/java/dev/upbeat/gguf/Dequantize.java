package dev.upbeat.gguf;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Dequantises blocks of ggml's quantised types to f32 by whole-tensor operations. It rounds in the same order as
 * {@code quants.py} of the {@code gguf} package, so the results are bit-identical. In shapes, n is the number of
 * blocks.
 *
 * <p>Block layouts, in byte order: {@code d} is a scale and {@code m} a minimum, both f16; {@code 16 x 4} is 16 bytes
 * that hold fields of 4 bits; {@code s} and {@code t} scale the d and the m of a group.
 *
 * <pre>
 * type    block                                               weight
 * Q4_0    d, 16 x 4                                           d (q - 8)
 * Q4_1    d, m, 16 x 4                                        d q + m
 * Q5_0    d, 4 x 1 (high bits), 16 x 4                        d (q - 16)
 * Q5_1    d, m, 4 x 1 (high bits), 16 x 4                     d q + m
 * Q8_0    d, 32 signed bytes                                  d q
 * Q2_K    16 x 4 (s low, t high), 64 x 2, d, m                d s q - m t          groups of 16
 * Q3_K    32 x 1 (high bits), 64 x 2, 8 x 4 and 4 x 2 (s), d  d (s - 32) (q - 4)   groups of 16
 * Q4_K    d, m, 12 (s and t of 6 bits), 128 x 4               d s q - m t          groups of 32
 * Q5_K    d, m, 12 (s and t), 32 x 1 (high bits), 128 x 4     d s q - m t          groups of 32
 * Q6_K    128 x 4, 64 x 2 (high bits), 16 signed bytes s, d   d s (q - 32)         groups of 16
 * IQ4_NL  d, 16 x 4                                           d LEVELS[q]
 * IQ4_XS  d, 2 x 2 (high bits of s), 4 x 4 (s), 128 x 4       d (s - 32) LEVELS[q] groups of 32
 * MXFP4   exponent e, 16 x 4                                  2^(e - 128) FLOATS[q]
 * TQ1_0   48 and 4 bytes of base-3 digits, d                  d (q - 1)
 * TQ2_0   64 x 2, d                                           d (q - 1)
 * </pre>
 */
final class Dequantize {
    /** The 16 levels of IQ4_NL and IQ4_XS. */
    private static final float[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    /** The 16 values of a 4-bit float (e2m1), doubled; ggml reads its negative zero as 0. */
    private static final float[] FLOATS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private Dequantize() {}

    /**
     * @param blocks [n, {@link GgufType#blockBytes}] uint8, strides and offset even (f16 is viewed in it)
     * @param out [n, {@link GgufType#blockSize}] f32, contiguous; overwritten
     */
    static void into(GgufType type, Tensor blocks, Tensor out) {
        switch (type) {
            case Q4_0 -> out.copy_(fields(blocks, 2, 16, 1, 4)).sub_(scalar(8)).mul_(half(blocks, 0));
            case Q4_1 ->
                out.copy_(fields(blocks, 4, 16, 1, 4)).mul_(half(blocks, 0)).add_(half(blocks, 2));
            case Q5_0 -> {
                Tensor q = joined(fields(blocks, 6, 16, 1, 4), fields(blocks, 2, 4, 4, 1), 4);
                out.copy_(q).sub_(scalar(16)).mul_(half(blocks, 0));
            }
            case Q5_1 -> {
                Tensor q = joined(fields(blocks, 8, 16, 1, 4), fields(blocks, 4, 4, 4, 1), 4);
                out.copy_(q).mul_(half(blocks, 0)).add_(half(blocks, 2));
            }
            case Q8_0 -> out.copy_(signed(blocks, 2, 32)).mul_(half(blocks, 0));
            case Q2_K -> {
                Tensor scales = half(blocks, 80).mul(bits(blocks.narrow(1, 0, 16), 0, 4));
                Tensor minima = half(blocks, 82).mul(bits(blocks.narrow(1, 0, 16), 4, 4));
                grouped(out.copy_(fields(blocks, 16, 64, 2, 2)), scales, minima);
            }
            case Q3_K -> {
                Tensor q = joined(fields(blocks, 32, 64, 2, 2), fields(blocks, 0, 32, 1, 1), 2);
                Tensor scales = joined(fields(blocks, 96, 8, 1, 4), fields(blocks, 104, 4, 1, 2), 4);
                grouped(out.copy_(q).sub_(scalar(4)), half(blocks, 108).mul(less32(scales)));
            }
            case Q4_K -> {
                out.copy_(fields(blocks, 16, 128, 4, 4));
                grouped(
                        out,
                        half(blocks, 0).mul(scales(blocks)),
                        half(blocks, 2).mul(minima(blocks)));
            }
            case Q5_K -> {
                out.copy_(joined(fields(blocks, 48, 128, 4, 4), fields(blocks, 16, 32, 1, 1), 4));
                grouped(
                        out,
                        half(blocks, 0).mul(scales(blocks)),
                        half(blocks, 2).mul(minima(blocks)));
            }
            case Q6_K -> {
                Tensor q = joined(fields(blocks, 0, 128, 2, 4), fields(blocks, 128, 64, 2, 2), 4);
                grouped(out.copy_(q).sub_(scalar(32)), half(blocks, 208).mul(signed(blocks, 192, 16)));
            }
            case IQ4_NL -> lookUp(LEVELS, fields(blocks, 2, 16, 1, 4), out).mul_(half(blocks, 0));
            case IQ4_XS -> {
                Tensor scales = joined(fields(blocks, 4, 4, 4, 4), fields(blocks, 2, 2, 2, 2), 4);
                grouped(
                        lookUp(LEVELS, fields(blocks, 8, 128, 8, 4), out),
                        half(blocks, 0).mul(less32(scales)));
            }
            case MXFP4 -> {
                Tensor scale = out.new_empty(blocks.size(0), 1);
                lookUp(powersOfTwo(), blocks.narrow(1, 0, 1), scale);
                lookUp(FLOATS, fields(blocks, 1, 16, 1, 4), out).mul_(scale);
            }
            case TQ1_0 -> {
                Tensor digits = torch.cat(
                        new TensorVector(digits(blocks, 0, 32, 5), digits(blocks, 32, 16, 5), digits(blocks, 48, 4, 4)),
                        1);
                out.copy_(digits).sub_(scalar(1)).mul_(half(blocks, 52));
            }
            case TQ2_0 -> out.copy_(fields(blocks, 0, 64, 2, 2)).sub_(scalar(1)).mul_(half(blocks, 64));
            case F32, F16, BF16 -> throw new IllegalArgumentException(type + " is not quantised");
        }
    }

    /** Multiplies each group of weights by its scale; {@code scales} [n, groups]. */
    private static void grouped(Tensor out, Tensor scales) {
        out.view(-1, scales.size(1), out.size(1) / scales.size(1)).mul_(scales.unsqueeze(2));
    }

    private static void grouped(Tensor out, Tensor scales, Tensor minima) {
        grouped(out, scales);
        out.view(-1, minima.size(1), out.size(1) / minima.size(1)).sub_(minima.unsqueeze(2));
    }

    /**
     * Eight scales of 6 bits: four are whole; the others have their low bits in the last four bytes and their high bits
     * in the first four.
     */
    private static Tensor scales(Tensor blocks) {
        Tensor first = blocks.narrow(1, 4, 4);
        Tensor last = blocks.narrow(1, 12, 4);
        return torch.cat(new TensorVector(bits(first, 0, 6), joined(bits(last, 0, 4), bits(first, 6, 2), 4)), 1);
    }

    /** The eight minima beside {@link #scales}. */
    private static Tensor minima(Tensor blocks) {
        Tensor middle = blocks.narrow(1, 8, 4);
        Tensor last = blocks.narrow(1, 12, 4);
        return torch.cat(new TensorVector(bits(middle, 0, 6), joined(bits(last, 4, 4), bits(middle, 6, 2), 4)), 1);
    }

    /** The f16 at byte {@code offset} of each block, as f32 [n, 1]. */
    private static Tensor half(Tensor blocks, long offset) {
        return blocks.narrow(1, offset, 2).view(ScalarType.Half).to(ScalarType.Float);
    }

    private static Tensor signed(Tensor blocks, long offset, long count) {
        return blocks.narrow(1, offset, count).view(ScalarType.Char);
    }

    /**
     * The fields of {@code width} bits in {@code count} bytes from {@code offset}, [n, count * 8 / width] uint8: the
     * bytes are split into equal {@code parts}, and each part gives first the lowest field of every byte, then the
     * next.
     */
    private static Tensor fields(Tensor blocks, long offset, long count, long parts, int width) {
        Tensor bytes = blocks.narrow(1, offset, count).unflatten(1, parts, 1, count / parts);
        int perByte = 8 / width;
        Tensor result = torch.empty(
                new long[] {blocks.size(0), parts, perByte, count / parts}, new TensorOptions(ScalarType.Byte), null);
        for (int i = 0; i < perByte; i++) {
            result.select(2, i).copy_(bits(bytes.select(2, 0), i * width, width));
        }
        return result.flatten(1, 3);
    }

    private static Tensor bits(Tensor bytes, int shift, int width) {
        return bytes.bitwise_right_shift(scalar(shift)).bitwise_and_(scalar((1 << width) - 1));
    }

    /** Combines two fields: {@code high} above the {@code lowBits} bits of {@code low}. */
    private static Tensor joined(Tensor low, Tensor high, int lowBits) {
        return high.bitwise_left_shift(scalar(lowBits)).bitwise_or_(low);
    }

    private static Tensor less32(Tensor bytes) {
        return bytes.to(ScalarType.Float).sub_(scalar(32));
    }

    /**
     * Base-3 digits, [n, count * digits]: the first of every byte, then the next. A byte b encodes the fraction b /
     * 256.
     */
    private static Tensor digits(Tensor blocks, long offset, long count, int digits) {
        Tensor powers = torch.tensor(new byte[] {1, 3, 9, 27, 81}, new TensorOptions(ScalarType.Byte))
                .narrow(0, 0, digits)
                .view(digits, 1);
        Tensor fractions =
                blocks.narrow(1, offset, count).unsqueeze(1).mul(powers); // modulo 256: the digits before fall off
        return fractions
                .to(ScalarType.Short)
                .mul(scalar(3))
                .bitwise_right_shift(scalar(8))
                .flatten(1, 2);
    }

    /** 2^(e - 128) for every value e of a byte. */
    private static float[] powersOfTwo() {
        float[] powers = new float[256];
        IntStream.range(0, 256).forEach(e -> powers[e] = Math.scalb(1f, e - 128));
        return powers;
    }

    /** Writes the entries of {@code table} at {@code indices} into {@code out}, of the same shape. */
    private static Tensor lookUp(float[] table, Tensor indices, Tensor out) {
        Tensor values = torch.tensor(table, new TensorOptions(ScalarType.Float));
        // index_select on a vector is a loop on this thread; take would start a parallel region for every chunk.
        torch.index_select_out(
                out.view(-1), values, 0, indices.to(ScalarType.Int).flatten());
        return out;
    }

    private static Scalar scalar(int value) {
        return new Scalar(value);
    }
}
