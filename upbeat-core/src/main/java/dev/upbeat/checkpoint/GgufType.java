package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.util.Map;

/** The tensor types of ggml that are read; the constants carry ggml's names. */
enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q6_K(14, 256, 210);

    /** The others of ggml, for the message. */
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(6, "Q5_0"),
            Map.entry(7, "Q5_1"),
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int id;
    private final int blockSize;
    private final int blockBytes;

    GgufType(int id, int blockSize, int blockBytes) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    static GgufType of(int id, String tensor, GgufInput in) {
        for (GgufType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        throw new BadInputException(in.file() + " has tensor " + tensor + " of type "
                + UNREAD.getOrDefault(id, Integer.toUnsignedString(id))
                + ", the types that are read are F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q4_K and Q6_K. Take a file in one of"
                + " them (Q8_0, say).");
    }

    int id() {
        return id;
    }

    /** Weights of a block. */
    int blockSize() {
        return blockSize;
    }

    /** Bytes of a block. */
    int blockBytes() {
        return blockBytes;
    }

    /** What the offset of its data must be a multiple of to be viewed in place: f16 scales need two. */
    int alignment() {
        return this == F32 ? Float.BYTES : Short.BYTES;
    }
}
