package dev.upbeat.task.countdown;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The grammar of {@link Expression} as a textbook writes it: recursive descent, fractions as pairs never reduced. */
@NullMarked
final class NaiveExpression {
    private final List<String> tokens;
    private final List<Integer> numbers = new ArrayList<>();
    private int next;

    private NaiveExpression(List<String> tokens) {
        this.tokens = tokens;
    }

    /** Whether the text is an expression that uses each of the numbers once and equals the target. */
    static boolean solves(String text, List<Integer> numbers, int target) {
        if (!text.matches("[0-9+*/() \\t\\r\\n-]*")) {
            return false;
        }
        List<String> tokens = new ArrayList<>();
        for (String token : text.replaceAll("([-+*/()])", " $1 ").trim().split("\\s+", -1)) {
            tokens.add(token);
        }
        NaiveExpression parser = new NaiveExpression(tokens);
        BigInteger[] value = parser.sum();
        if (value == null || parser.next != tokens.size()) {
            return false;
        }
        boolean used = parser.numbers.stream()
                .sorted()
                .toList()
                .equals(numbers.stream().sorted().toList());
        return used && value[0].equals(value[1].multiply(BigInteger.valueOf(target)));
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private BigInteger @Nullable [] sum() {
        BigInteger[] left = product();
        while (left != null && (peek().equals("+") || peek().equals("-"))) {
            boolean plus = tokens.get(next++).equals("+");
            BigInteger[] right = product();
            if (right == null) {
                return null;
            }
            BigInteger a = left[0].multiply(right[1]);
            BigInteger b = right[0].multiply(left[1]);
            left = new BigInteger[] {plus ? a.add(b) : a.subtract(b), left[1].multiply(right[1])};
        }
        return left;
    }

    private BigInteger @Nullable [] product() {
        BigInteger[] left = factor();
        while (left != null && (peek().equals("*") || peek().equals("/"))) {
            boolean times = tokens.get(next++).equals("*");
            BigInteger[] right = factor();
            if (right == null || (!times && right[0].signum() == 0)) {
                return null;
            }
            left = times
                    ? new BigInteger[] {left[0].multiply(right[0]), left[1].multiply(right[1])}
                    : new BigInteger[] {left[0].multiply(right[1]), left[1].multiply(right[0])};
        }
        return left;
    }

    private BigInteger @Nullable [] factor() {
        String token = peek();
        next++;
        if (token.equals("(")) {
            BigInteger[] inner = sum();
            return inner != null && peek().equals(")") && next++ >= 0 ? inner : null;
        }
        if (!token.matches("0|[1-9][0-9]{0,8}")) {
            return null;
        }
        numbers.add(Integer.valueOf(token));
        return new BigInteger[] {new BigInteger(token), BigInteger.ONE};
    }
}
