package dev.upbeat.tokenizer;

/**
 * Decodes UTF-8 byte by byte. Each ill-formed part becomes one U+FFFD by the Unicode standard's "substitution of
 * maximal subparts" (section 3.9), as in Rust's {@code from_utf8_lossy}. The JDK's decoder does not: it decodes a
 * surrogate (ED A0 80) to one U+FFFD instead of three, and only at the third byte, although a token may end after the
 * second.
 */
final class Utf8Lossy {
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing; // continuation bytes that the current character still needs
    private int lower = 0x80; // bounds of the next continuation byte
    private int upper = 0xBF;

    /** Appends what this byte completes: nothing, a character, or U+FFFD for bytes that can no longer become one. */
    void push(int unsignedByte, StringBuilder text) {
        if (missing > 0) {
            if (lower <= unsignedByte && unsignedByte <= upper) {
                codePoint = codePoint << 6 | (unsignedByte & 0x3F);
                lower = 0x80;
                upper = 0xBF;
                if (--missing == 0) {
                    text.appendCodePoint(codePoint);
                }
                return;
            }
            finish(text);
        }
        if (unsignedByte < 0x80) {
            text.append((char) unsignedByte);
        } else if (0xC2 <= unsignedByte && unsignedByte <= 0xF4) {
            begin(unsignedByte);
        } else {
            text.append(REPLACEMENT);
        }
    }

    /** Whether the bytes so far end inside a character. */
    boolean midCharacter() {
        return missing > 0;
    }

    /** Ends the bytes: appends U+FFFD for an incomplete character. */
    void finish(StringBuilder text) {
        if (missing > 0) {
            text.append(REPLACEMENT);
        }
        missing = 0;
        lower = 0x80;
        upper = 0xBF;
    }

    private void begin(int lead) {
        if (lead < 0xE0) {
            missing = 1;
            codePoint = lead & 0x1F;
        } else if (lead < 0xF0) {
            missing = 2;
            codePoint = lead & 0x0F;
            lower = lead == 0xE0 ? 0xA0 : 0x80; // no overlong forms
            upper = lead == 0xED ? 0x9F : 0xBF; // no surrogates
        } else {
            missing = 3;
            codePoint = lead & 0x07;
            lower = lead == 0xF0 ? 0x90 : 0x80; // no overlong forms
            upper = lead == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
        }
    }
}
