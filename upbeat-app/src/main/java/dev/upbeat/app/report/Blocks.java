package dev.upbeat.app.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** Encodes series as base64 of little-endian typed arrays, which a browser reads without parsing numbers. */
final class Blocks {
    /** Attention weights are in units of 1 / this number: 16 bits over [0, 1]. */
    static final int WEIGHT_UNITS = 65_535;
    /** Marks no position in a block of positions. */
    static final int NO_POSITION = 0xFFFF;
    /** Longest sequence whose positions have 16 bits, which must also hold {@link #NO_POSITION}. */
    static final int SHORT_POSITIONS = NO_POSITION;

    static final int PICTURE_TOP = 254;
    static final int PICTURE_UNDEFINED = 255;

    /** Mean maps of bf16 attention can exceed 1 by rounding; a value above 1 plus this is not a weight. */
    private static final float WEIGHT_SLACK = 1e-2f;

    private Blocks() {}

    /** Float32Array; NaN stays NaN. */
    static String floats(float[] values) {
        ByteBuffer buffer = buffer(4 * values.length);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return encode(buffer);
    }

    /** Int32Array. */
    static String ints(int[] values) {
        ByteBuffer buffer = buffer(4 * values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return encode(buffer);
    }

    /** Uint8Array. */
    static String bytes(byte[] values) {
        return Base64.getEncoder().encodeToString(values);
    }

    /**
     * Row after row, a Uint8Array in units of the row's maximum / {@link #PICTURE_TOP}, which is precise enough for a
     * picture; {@link #PICTURE_UNDEFINED} for NaN. Compression leaves about two thirds.
     */
    static String pictures(List<float[]> rows, float[] maxima) {
        int size = rows.stream().mapToInt(row -> row.length).sum();
        byte[] bytes = new byte[size];
        int i = 0;
        for (int r = 0; r < maxima.length; r++) {
            for (float value : rows.get(r)) {
                int steps = maxima[r] > 0 ? Math.round(value / maxima[r] * PICTURE_TOP) : 0;
                bytes[i++] = (byte) (Float.isNaN(value) ? PICTURE_UNDEFINED : steps);
            }
        }
        return bytes(deflated(bytes));
    }

    /** Compresses in the zlib format (RFC 1950), which browsers call "deflate". */
    private static byte[] deflated(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory takes every byte", e);
        }
        return out.toByteArray();
    }

    /** The largest defined value of each row; 0 if there is none. */
    static float[] maxima(List<float[]> rows) {
        float[] maxima = new float[rows.size()];
        for (int r = 0; r < maxima.length; r++) {
            for (float value : rows.get(r)) {
                maxima[r] = value > maxima[r] ? value : maxima[r]; // false for NaN
            }
        }
        return maxima;
    }

    /** Row after row: a Uint16Array with {@link #NO_POSITION} for -1 if all positions fit, else an Int32Array. */
    static String positions(int[][] rows, int sequenceLength) {
        boolean wide = sequenceLength > SHORT_POSITIONS;
        ByteBuffer buffer = buffer((wide ? 4 : 2) * size(rows));
        for (int[] row : rows) {
            for (int position : row) {
                if (wide) {
                    buffer.putInt(position);
                } else {
                    buffer.putShort((short) (position < 0 ? NO_POSITION : position));
                }
            }
        }
        return encode(buffer);
    }

    /** Row after row: a Uint16Array in units of 1 / {@link #WEIGHT_UNITS}. */
    static String weights(float[][] rows) {
        int size = 0;
        for (float[] row : rows) {
            size += row.length;
        }
        ByteBuffer buffer = buffer(2 * size);
        for (float[] row : rows) {
            for (float weight : row) {
                buffer.putShort(units(weight));
            }
        }
        return encode(buffer);
    }

    /** The lower triangle, diagonal included, of a square row-major map, row after row, as {@link #weights}. */
    static String triangle(float[] map, int side) {
        ByteBuffer buffer = buffer(side * (side + 1));
        for (int row = 0; row < side; row++) {
            for (int column = 0; column <= row; column++) {
                buffer.putShort(units(map[row * side + column]));
            }
        }
        return encode(buffer);
    }

    private static short units(float weight) {
        if (!(weight >= -WEIGHT_SLACK && weight <= 1 + WEIGHT_SLACK)) {
            throw new IllegalArgumentException("attention weight " + weight + " is not in [0, 1]");
        }
        return (short) Math.round(Math.min(Math.max(weight, 0), 1) * WEIGHT_UNITS);
    }

    private static int size(int[][] rows) {
        int size = 0;
        for (int[] row : rows) {
            size += row.length;
        }
        return size;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @SuppressWarnings("ByteBufferBackingArray") // allocated here, and full
    private static String encode(ByteBuffer buffer) {
        return bytes(buffer.array());
    }
}
