package dev.upbeat.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece with byte fallback (Llama 2, Mistral 7B): "▁" is a space, {@code <0xE2>} a byte. A run of byte pieces
 * is text only if all of it is UTF-8; otherwise each of its bytes becomes U+FFFD. So the text of a run is known only at
 * its end.
 */
final class ByteFallbackPieces implements PieceDecoder {
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");
    private static final int NO_BYTE = -1;

    private final List<Integer> run = new ArrayList<>(); // bytes of the current run; NO_BYTE for an id without a piece
    private boolean spaceToStrip;

    /** @param stripFirstSpace whether the tokenizer adds a space at the start of the text, which decoding removes */
    ByteFallbackPieces(boolean stripFirstSpace) {
        this.spaceToStrip = stripFirstSpace;
    }

    @Override
    public List<String> push(@Nullable String piece) {
        if (piece == null) {
            run.add(NO_BYTE);
            return List.of();
        }
        if (BYTE.matcher(piece).matches()) {
            run.add(Integer.parseInt(piece.substring(3, 5), 16));
            return List.of();
        }
        List<String> certain = finish();
        certain.add(stripped(piece.replace('▁', ' ')));
        return certain;
    }

    @Override
    public List<String> finish() {
        List<String> texts = new ArrayList<>(run.size() + 1);
        boolean valid = isUtf8();
        Utf8Lossy utf8 = new Utf8Lossy();
        for (int b : run) {
            StringBuilder text = new StringBuilder();
            if (b != NO_BYTE && valid) {
                utf8.push(b, text);
            } else if (b != NO_BYTE) {
                text.append('\uFFFD');
            }
            texts.add(stripped(text.toString()));
        }
        run.clear();
        return texts;
    }

    private boolean isUtf8() {
        ByteBuffer bytes = ByteBuffer.allocate(run.size());
        run.stream().filter(b -> b != NO_BYTE).forEach(b -> bytes.put(b.byteValue()));
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private String stripped(String text) {
        if (!spaceToStrip || text.isEmpty()) {
            return text;
        }
        spaceToStrip = false;
        return text.startsWith(" ") ? text.substring(1) : text;
    }
}
