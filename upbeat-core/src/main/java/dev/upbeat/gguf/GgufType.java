package dev.upbeat.gguf;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Supported tensor types of ggml, under ggml's names. */
public enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    BF16(30, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ4_NL(20, 32, 18),
    IQ4_XS(23, 256, 136),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17);

    /**
     * The unsupported types of ggml, for the message. Q8_1 and Q8_K exist only in memory; IQ1, IQ2 and IQ3 need code books of
     * thousands of values.
     */
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(40, "NVFP4"),
            Map.entry(41, "Q1_0"));

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
                + ", expected one of "
                + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))
                + ". Use a file in one of them, for example Q4_K_M or Q8_0.");
    }

    public int id() {
        return id;
    }

    /** Weights per block. */
    int blockSize() {
        return blockSize;
    }

    /** Bytes per block. */
    int blockBytes() {
        return blockBytes;
    }

    /** Required alignment of the data's offset for a view in place, bytes; f16 scales need two. */
    int alignment() {
        return this == F32 ? Float.BYTES : Short.BYTES;
    }
}
