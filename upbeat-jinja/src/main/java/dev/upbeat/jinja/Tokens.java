package dev.upbeat.jinja;

import dev.upbeat.jinja.Token.Kind;
import java.util.List;

/** Cursor over the tokens of a template; counts the depth of nesting. */
final class Tokens {
    private static final int DEEPEST = 100;

    private final List<Token> tokens;
    private int next;
    private int depth;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token after the next. */
    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    /** Takes the next token; the last one, END, stays. */
    Token take() {
        Token token = peek();
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    boolean takeName(String name) {
        boolean found = peek().isName(name);
        if (found) {
            take();
        }
        return found;
    }

    boolean takeOperator(String operator) {
        boolean found = peek().isOperator(operator);
        if (found) {
            take();
        }
        return found;
    }

    Token expect(Kind kind) {
        if (peek().kind() != kind) {
            throw unexpected(new Token(kind, "a name", 0).described());
        }
        return take();
    }

    void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    TemplateError unexpected(String expected) {
        return error("found " + peek().described() + ", expected " + expected);
    }

    /** An error at the next token. */
    TemplateError error(String message) {
        return new TemplateError("line " + peek().line() + ": " + message);
    }

    /** Enters one level of nesting; its limit bounds the parser's recursion. */
    void enter() {
        if (++depth > DEEPEST) {
            throw error("tags or brackets are nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
