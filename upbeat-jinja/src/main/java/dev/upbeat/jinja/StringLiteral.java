package dev.upbeat.jinja;

/** Resolves the escapes of a string in a template, as in Python; an unknown escape stays unchanged. */
final class StringLiteral {
    private StringLiteral() {}

    /** @param literal the text between the quotes */
    static String unescape(String literal) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder(literal.length());
        int i = 0;
        while (i < literal.length()) {
            char c = literal.charAt(i++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            switch (escape) {
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escape);
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'v' -> text.append('\u000B');
                case 'x' -> i = appendHex(literal, i, 2, text);
                case 'u' -> i = appendHex(literal, i, 4, text);
                case 'U' -> i = appendHex(literal, i, 8, text);
                case 'N' -> throw new TemplateError("the escape \\N{...} is not supported: write the character itself");
                case '0', '1', '2', '3', '4', '5', '6', '7' -> i = appendOctal(literal, i - 1, text);
                default -> {
                    if (escape > 0x7F) { // Python would show the character's escape
                        throw new TemplateError("a backslash before '" + escape + "' is not supported");
                    }
                    text.append('\\').append(escape);
                }
            }
        }
        return text.toString();
    }

    private static int appendHex(String literal, int start, int digits, StringBuilder text) {
        int end = start + digits;
        if (end > literal.length() || !literal.substring(start, end).matches("[0-9A-Fa-f]+")) {
            throw new TemplateError("an escape in a string is cut short: expected " + digits + " hexadecimal digits");
        }
        long codePoint = Long.parseLong(literal, start, end, 16);
        if (codePoint > Character.MAX_CODE_POINT) {
            throw new TemplateError("an escape in a string is beyond U+10FFFF");
        }
        text.appendCodePoint((int) codePoint);
        return end;
    }

    private static int appendOctal(String literal, int start, StringBuilder text) {
        int end = start;
        int value = 0;
        while (end < literal.length() && end < start + 3 && '0' <= literal.charAt(end) && literal.charAt(end) <= '7') {
            value = value * 8 + literal.charAt(end++) - '0';
        }
        text.append((char) value);
        return end;
    }
}
