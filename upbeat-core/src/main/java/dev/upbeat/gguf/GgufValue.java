package dev.upbeat.gguf;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The value types of GGUF metadata, in the order of their ids, and how each is read. */
public enum GgufValue {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    /** Deepest nesting of arrays. No writer nests deeper than two; a damaged file could overflow the stack. */
    private static final int DEEPEST = 4;

    private final int leastBytes;

    GgufValue(int leastBytes) {
        this.leastBytes = leastBytes;
    }

    static GgufValue read(GgufInput in, String key) throws IOException {
        int id = in.int32("the value type of " + key);
        if (id < 0 || id >= values().length) {
            throw in.bad("has value type " + Integer.toUnsignedString(id) + " at " + key + ", 0 to "
                    + (values().length - 1) + " are known");
        }
        return values()[id];
    }

    /**
     * Reads a value: integers as Long (a larger UINT64 as BigInteger), FLOAT32 as Float, FLOAT64 as Double, BOOL as
     * Boolean, STRING as String, ARRAY as an unmodifiable List of these.
     */
    Object readValue(GgufInput in, String key) throws IOException {
        return readValue(in, key, 0);
    }

    private Object readValue(GgufInput in, String key, int depth) throws IOException {
        return switch (this) {
            case UINT8 -> (long) (in.bytes(1, key).get() & 0xff);
            case INT8 -> (long) in.bytes(1, key).get();
            case UINT16 -> (long) (in.bytes(2, key).getShort() & 0xffff);
            case INT16 -> (long) in.bytes(2, key).getShort();
            case UINT32 -> in.int32(key) & 0xffff_ffffL;
            case INT32 -> (long) in.int32(key);
            case UINT64 -> unsigned(in.int64(key));
            case INT64 -> in.int64(key);
            case FLOAT32 -> in.bytes(4, key).getFloat();
            case FLOAT64 -> in.bytes(8, key).getDouble();
            case BOOL -> bool(in, key);
            case STRING -> in.string(key);
            case ARRAY -> array(in, key, depth + 1);
        };
    }

    private static Object unsigned(long bits) {
        return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    private static Boolean bool(GgufInput in, String key) throws IOException {
        byte value = in.bytes(1, key).get();
        if (value != 0 && value != 1) {
            throw in.bad("has " + value + " for the boolean " + key + ", expected 0 or 1");
        }
        return value == 1;
    }

    private static List<Object> array(GgufInput in, String key, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw in.bad("nests arrays more than " + DEEPEST + " deep at " + key);
        }
        GgufValue type = read(in, key);
        int length = in.count(type.leastBytes, "the length of array " + key);
        in.addElements(length, key);
        List<Object> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            values.add(type.readValue(in, key, depth));
        }
        return Collections.unmodifiableList(values);
    }
}
