package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses one factor of a product with its power, index, factorial and unit. */
final class FactorParser {
    private static final Set<String> SHORT_WORDS = Set.of("is", "we", "so", "of", "to", "it", "be", "by");
    private static final Map<String, String> GREEK_WORDS = Map.of("pi", "\\pi", "theta", "\\theta", "alpha", "\\alpha");

    private final Cursor in;
    private final StatementParser statements;
    private final TermParser terms;
    private final CommandParser commands;

    FactorParser(Cursor in, StatementParser statements, TermParser terms) {
        this.in = in;
        this.statements = statements;
        this.terms = terms;
        this.commands = new CommandParser(in, statements, terms, this);
    }

    Expr signedFactor() throws Undecided {
        char c = in.next();
        if (c == '-' || c == '+') {
            in.at++;
            Expr factor = factor();
            return c == '-' ? Expr.apply("neg", factor) : factor;
        }
        return factor();
    }

    Expr factor() throws Undecided {
        in.enter();
        Expr factor = Postfix.after(base(), in, this);
        in.leave();
        return factor;
    }

    /** The factor with its exponent, index, unit and other signs after it. */
    Expr after(Expr factor) throws Undecided {
        return Postfix.after(factor, in, this);
    }

    private Expr base() throws Undecided {
        char c = in.next();
        if (Numerals.starts(in)) {
            return Numerals.read(in);
        }
        switch (c) {
            case '(', '[' -> {
                return statements.bracketed(c);
            }
            case '{' -> {
                return braced();
            }
            case '|' -> {
                in.at++;
                in.bars++;
                Expr inside = terms.sum();
                in.expect("|");
                in.bars--;
                return Expr.apply("abs", inside);
            }
            case '\\' -> {
                return commands.read();
            }
            default -> {}
        }
        if (LatexText.isLetter(c)) {
            return letters();
        }
        if (c == '$') {
            throw in.fault();
        }
        if (c > 127 && Character.isLetter(c)) {
            in.at++;
            return new Expr.Symbol(String.valueOf(c));
        }
        throw in.fault();
    }

    /** Content of braces; several items in them are a bare list. */
    Expr braced() throws Undecided {
        in.expect("{");
        Expr inside = statements.overOrChoose(statements.list());
        in.expect("}");
        return inside;
    }

    /** The argument of a command: braces, one digit, one letter or one command. */
    Expr argument() throws Undecided {
        char c = in.next();
        if (c == '{') {
            return braced();
        }
        if (LatexText.isDigit(c)) {
            in.at++;
            return Expr.number(c - '0');
        }
        if (LatexText.isLetter(c)) {
            in.at++;
            return new Expr.Symbol(String.valueOf(c));
        }
        if (c == '\\') {
            return commands.read();
        }
        throw in.fault();
    }

    /** An exponent or index; without braces it takes all digits, because {@code 10^12} usually means the twelfth power. */
    Expr exponent() throws Undecided {
        char c = in.next();
        if (c == '-' || c == '+') {
            in.at++;
            Expr of = exponent();
            return c == '-' ? Expr.apply("neg", of) : of;
        }
        if (LatexText.isDigit(c)) {
            int start = in.at;
            while (LatexText.isDigit(in.peek())) {
                in.at++;
            }
            return new Expr.Numeral(
                    new Rational(
                            new BigInteger(in.text.substring(start, Math.min(in.at, start + 400))), BigInteger.ONE),
                    0);
        }
        return c == '(' ? statements.bracketed(c) : argument();
    }

    private Expr letters() throws Undecided {
        String word = in.word();
        String lower = word.toLowerCase(Locale.ROOT);
        if (word.length() > 1) {
            if (lower.equals("np") && in.peek(2) == '.') {
                in.at += 3; // numpy's prefix
                return letters();
            }
            String function = prefix(lower);
            if (function != null && (function.length() == word.length() || lower.startsWith("sqrt"))) {
                in.at += function.length();
                return commands.function(function);
            }
            String greek = GREEK_WORDS.get(lower);
            if (greek != null) {
                in.at += word.length();
                return new Expr.Symbol(greek);
            }
            if (lower.equals("infinity") || lower.equals("inf")) {
                in.at += word.length();
                return new Expr.Symbol("\\infty");
            }
            if (isProse(word, lower)) {
                throw in.fault();
            }
        }
        in.at++;
        return new Expr.Symbol(word.substring(0, 1));
    }

    /** Whether letters are a word and not a product of variables: {@code height}, but not {@code mgh}. */
    private static boolean isProse(String word, String lower) {
        if (word.length() == 2) {
            return SHORT_WORDS.contains(lower);
        }
        boolean capitals = word.equals(word.toUpperCase(Locale.ROOT));
        return !capitals && (word.length() > 3 || lower.chars().anyMatch(c -> "eiou".indexOf(c) >= 0));
    }

    private static @Nullable String prefix(String word) {
        return CommandParser.FUNCTIONS.stream()
                .filter(name -> word.equals(name) || (name.equals("sqrt") && word.startsWith(name)))
                .findFirst()
                .orElse(null);
    }

    Expr factorInBrackets() throws Undecided {
        return statements.bracketed('(');
    }
}
