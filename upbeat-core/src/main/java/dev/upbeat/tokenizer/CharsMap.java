package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Checks the {@code precompiled_charsmap} of a normalizer, SentencePiece's table of replacements: the size of a double-array
 * trie, the trie of 32-bit units, and the replacements, each ended by a zero byte. The native library does not check the
 * indices of the trie, and an index out of range ends the process.
 */
final class CharsMap {
    private final int[] units;
    private final byte[] replacements;
    private final String source;

    private CharsMap(int[] units, byte[] replacements, String source) {
        this.units = units;
        this.replacements = replacements;
        this.source = source;
    }

    /**
     * Returns the length of the longest replacement, in bytes.
     *
     * @throws BadInputException if the table is damaged
     */
    static int longestReplacement(String base64, String source) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw damaged(source, "is not base64");
        }
        ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = bytes.length < Integer.BYTES ? -1 : Integer.toUnsignedLong(table.getInt());
        if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > table.remaining()) {
            throw damaged(source, "of " + bytes.length + " bytes claims a trie of " + size);
        }
        int[] units = new int[(int) size / Integer.BYTES];
        table.asIntBuffer().get(units);
        CharsMap map = new CharsMap(units, Arrays.copyOfRange(bytes, Integer.BYTES + (int) size, bytes.length), source);
        map.checkText();
        map.checkUnits();
        return map.longest();
    }

    private void checkText() {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw damaged(source, "has replacements that are not UTF-8");
        }
    }

    /** Every byte must lead from each unit to a unit, and every value to the first byte of a character. */
    private void checkUnits() {
        for (int i = 0; i < units.length; i++) {
            int unit = units[i];
            if (unit < 0 && i > 0) {
                continue; // a value has no successors; unit 0 is always searched
            }
            int base = i ^ (unit >>> 10) << ((unit & 1 << 9) >>> 6);
            if (base < 0 || (base | 0xFF) >= units.length) {
                throw damaged(source, "leads from unit " + i + " out of its " + units.length + " units");
            }
            int value = units[base] & Integer.MAX_VALUE;
            boolean leaf = (unit & 1 << 8) != 0;
            if (leaf && (value >= replacements.length || (replacements[value] & 0xC0) == 0x80)) {
                throw damaged(source, "leads to replacement byte " + value + " of " + replacements.length);
            }
        }
    }

    private int longest() {
        int longest = 0;
        int begin = 0;
        for (int i = 0; i <= replacements.length; i++) {
            if (i == replacements.length || replacements[i] == 0) {
                longest = Math.max(longest, i - begin);
                begin = i + 1;
            }
        }
        return longest;
    }

    private static BadInputException damaged(String source, String what) {
        return new BadInputException(
                source + " has a precompiled_charsmap that " + what + "; expected an undamaged table. Fetch it again.");
    }
}
