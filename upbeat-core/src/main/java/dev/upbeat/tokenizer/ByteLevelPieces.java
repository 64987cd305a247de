package dev.upbeat.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level BPE (GPT-2, Llama 3, Qwen, SmolLM): each character of a piece stands for one byte, and the bytes of the
 * sequence are UTF-8. A piece with a character outside that alphabet stands for its own UTF-8 bytes.
 */
final class ByteLevelPieces implements PieceDecoder {
    /** GPT-2's byte alphabet, character to byte: printable ones stand for themselves, the others start at U+0100. */
    private static final int[] BYTE_OF = byteOfCharacter();

    private final Utf8Lossy utf8 = new Utf8Lossy();
    private @Nullable String held; // text of the last piece while it ends inside a character

    @Override
    public List<String> push(@Nullable String piece) {
        StringBuilder text = new StringBuilder();
        for (int b : piece == null ? new int[0] : bytes(piece)) {
            utf8.push(b, text);
        }
        List<String> certain = new ArrayList<>(2);
        if (held != null) {
            certain.add(held);
            held = null;
        }
        if (utf8.midCharacter()) {
            held = text.toString();
        } else {
            certain.add(text.toString());
        }
        return certain;
    }

    @Override
    public List<String> finish() {
        if (held == null) {
            return List.of();
        }
        StringBuilder text = new StringBuilder(held);
        held = null;
        utf8.finish(text);
        return List.of(text.toString());
    }

    private static int[] bytes(String piece) {
        int[] bytes = new int[piece.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = piece.charAt(i);
            bytes[i] = c < BYTE_OF.length ? BYTE_OF[c] : -1;
            if (bytes[i] < 0) {
                return utf8Bytes(piece);
            }
        }
        return bytes;
    }

    private static int[] utf8Bytes(String piece) {
        byte[] signed = piece.getBytes(StandardCharsets.UTF_8);
        int[] bytes = new int[signed.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Byte.toUnsignedInt(signed[i]);
        }
        return bytes;
    }

    private static int[] byteOfCharacter() {
        int[] byteOf = new int[0x144];
        Arrays.fill(byteOf, -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = ('!' <= b && b <= '~') || (0xA1 <= b && b <= 0xAC) || 0xAE <= b;
            byteOf[printable ? b : next++] = b;
        }
        return byteOf;
    }
}
