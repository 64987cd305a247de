package dev.upbeat.jinja;

import dev.upbeat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits template text into tokens like jinja2's lexer with {@code trim_blocks} and {@code lstrip_blocks}: drops the
 * first line break after a block, and blanks between the start of a line and a block. {@code -} drops all white space
 * on its side, {@code +} keeps it. One line break at the end of the template is dropped.
 */
final class Lexer {
    private static final Pattern RAW_BEGIN =
            Pattern.compile("\\s*raw\\s*(-%}\\s*|%})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}\\s*|%}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int lineCountedTo;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        while (lexer.position < lexer.source.length()) {
            lexer.textAndTag();
        }
        lexer.add(Kind.END, "");
        return lexer.tokens;
    }

    /** An error at the current position. */
    private TemplateError error(String message) {
        return new TemplateError("line " + lineAt(position) + ": " + message);
    }

    private void textAndTag() {
        int tag = nextTag();
        if (tag < 0) {
            add(Kind.DATA, source.substring(position));
            position = source.length();
            return;
        }
        char type = source.charAt(tag + 1);
        char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
        boolean signed = sign == '-' || sign == '+';
        addText(source.substring(position, tag), sign, type != '{');
        position = tag + (signed ? 3 : 2);
        if (type == '#') {
            skipComment();
        } else if (type == '{') {
            add(Kind.VARIABLE_BEGIN, "");
            expression(Kind.VARIABLE_END);
        } else if (!raw()) {
            add(Kind.BLOCK_BEGIN, "");
            expression(Kind.BLOCK_END);
        }
    }

    private int nextTag() {
        for (int i = source.indexOf('{', position); i >= 0; i = source.indexOf('{', i + 1)) {
            if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Adds the text before a tag, without the white space that the tag drops. */
    private void addText(String text, char sign, boolean isBlock) {
        if (sign == '-') {
            text = Strings.strip(text, null, false, true);
        } else if (sign != '+' && isBlock) {
            int lineStart = text.lastIndexOf('\n') + 1;
            boolean atLineStart = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
            if (atLineStart && Strings.isBlank(text.substring(lineStart))) {
                text = text.substring(0, lineStart);
            }
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
    }

    private void skipComment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw error("a comment '{#' is not closed: expected '#}'");
        }
        char sign = end > position ? source.charAt(end - 1) : ' ';
        position = end + 2;
        skipAfterBlock(sign);
    }

    /** Skips white space after the end of a block or comment. */
    private void skipAfterBlock(char sign) {
        if (sign == '-') {
            skipBlank();
        } else if (sign != '+' && position < source.length() && source.charAt(position) == '\n') {
            position++;
        }
    }

    private void skipBlank() {
        while (position < source.length() && Strings.isSpace(source.charAt(position))) {
            position++;
        }
    }

    /** If a raw block begins after "{%", adds its text. */
    private boolean raw() {
        Matcher begin = RAW_BEGIN.matcher(source).region(position, source.length());
        if (!begin.lookingAt()) {
            return false;
        }
        position = begin.end();
        Matcher end = RAW_END.matcher(source);
        if (!end.find(position)) {
            throw error("a raw block is not closed: expected '{% endraw %}'");
        }
        char sign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        addText(source.substring(position, end.start()), sign, true);
        position = end.end();
        return true;
    }

    private void expression(Kind end) {
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skipBlank();
            if (position >= source.length()) {
                throw error("the template ends inside a tag: expected " + new Token(end, "", 0).described());
            }
            if (open.isEmpty() && endOfTag(end)) {
                return;
            }
            token(open);
        }
    }

    private boolean endOfTag(Kind end) {
        String close = end == Kind.BLOCK_END ? "%}" : "}}";
        char sign = source.charAt(position);
        boolean signed = sign == '-' || (sign == '+' && end == Kind.BLOCK_END);
        if (!source.startsWith(close, signed ? position + 1 : position)) {
            return false;
        }
        add(end, "");
        position += signed ? 3 : 2;
        if (end == Kind.BLOCK_END) {
            skipAfterBlock(sign);
        } else if (signed) {
            skipBlank();
        }
        return true;
    }

    private void token(Deque<Character> open) {
        char c = source.charAt(position);
        if (isDigit(c)) {
            number();
        } else if (Character.isLetter(c) || c == '_') {
            int end = position;
            while (end < source.length()
                    && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '_')) {
                end++;
            }
            add(Kind.NAME, source.substring(position, end));
            position = end;
        } else if (c == '\'' || c == '"') {
            string(c);
        } else {
            operator(c, open);
        }
    }

    private void operator(char c, Deque<Character> open) {
        String operator = LONG_OPERATORS.stream()
                .filter(o -> source.startsWith(o, position))
                .findFirst()
                .orElse(String.valueOf(c));
        if (OPERATORS.indexOf(c) < 0 && operator.length() == 1) {
            throw error("unexpected character '" + c + "'");
        }
        switch (c) {
            case '(' -> open.push(')');
            case '[' -> open.push(']');
            case '{' -> open.push('}');
            case ')', ']', '}' -> {
                if (open.isEmpty() || open.pop() != c) {
                    throw error("'" + c + "' has no opening bracket");
                }
            }
            default -> {}
        }
        add(Kind.OPERATOR, operator);
        position += operator.length();
    }

    private void number() {
        int end = digits(position);
        boolean afterDot = position > 0 && source.charAt(position - 1) == '.'; // messages.0.role has no float
        Kind kind = Kind.INTEGER;
        if (!afterDot) {
            if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(source.charAt(end + 1))) {
                end = digits(end + 1);
                kind = Kind.FLOAT;
            }
            int exponent = exponentEnd(end);
            if (exponent > end) {
                end = exponent;
                kind = Kind.FLOAT;
            }
        }
        String text = source.substring(position, end);
        if (kind == Kind.INTEGER && text.length() > 1 && text.startsWith("0") && !text.matches("[0_]+")) {
            throw error("the number " + text + " starts with 0");
        }
        add(kind, text.replace("_", ""));
        position = end;
    }

    /** The end of digits with single underscores between them. */
    private int digits(int start) {
        int end = start;
        while (end < source.length()
                && (isDigit(source.charAt(end))
                        || (source.charAt(end) == '_'
                                && end > start
                                && end + 1 < source.length()
                                && isDigit(source.charAt(end + 1))))) {
            end++;
        }
        return end;
    }

    private int exponentEnd(int start) {
        if (start >= source.length() || Character.toLowerCase(source.charAt(start)) != 'e') {
            return start;
        }
        int first = start + 1;
        if (first < source.length() && (source.charAt(first) == '+' || source.charAt(first) == '-')) {
            first++;
        }
        return first < source.length() && isDigit(source.charAt(first)) ? digits(first) : start;
    }

    private static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error("a string is not closed: expected " + quote);
        }
        String value;
        try {
            value = StringLiteral.unescape(source.substring(position + 1, end));
        } catch (TemplateError e) {
            throw error(e.problem());
        }
        add(Kind.STRING, value);
        position = end + 1;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, lineAt(position)));
    }

    /** Returns the line of a position; positions must not decrease from call to call. */
    private int lineAt(int index) {
        for (; lineCountedTo < index && lineCountedTo < source.length(); lineCountedTo++) {
            if (source.charAt(lineCountedTo) == '\n') {
                line++;
            }
        }
        return line;
    }
}
