package dev.upbeat.task.countdown;

import dev.upbeat.task.Rational;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Reads one expression by operator precedence (Dijkstra's shunting yard), evaluating as it goes. */
final class ExpressionReader {
    private static final int MOST_DIGITS = 9;

    private final int mostNumbers;
    private final List<Integer> numbers = new ArrayList<>();
    private final Deque<Rational> values = new ArrayDeque<>();

    /** Operators and open brackets that are not applied yet. */
    private final Deque<Character> waiting = new ArrayDeque<>();

    private boolean valueNext = true;

    ExpressionReader(int mostNumbers) {
        this.mostNumbers = mostNumbers;
    }

    /** The reason why a text is not an expression or has no value. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message, null, false, false); // expected, so no stack trace
        }
    }

    /** Numbers read so far. */
    List<Integer> numbers() {
        return numbers;
    }

    Rational read(String text) throws Fault {
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (isDigit(c)) {
                int end = i + 1;
                while (end < text.length() && isDigit(text.charAt(end))) {
                    end++;
                }
                number(text, i, end);
                i = end;
                continue;
            }
            switch (c) {
                case ' ', '\t', '\r', '\n' -> {}
                case '(' -> open();
                case ')' -> close();
                case '+', '-', '*', '/' -> operator(c);
                default -> throw new Fault("has " + name(text.codePointAt(i)) + ", which an expression cannot contain");
            }
            i++;
        }
        if (valueNext) {
            throw new Fault(waiting.isEmpty() ? "is empty" : "ends too early");
        }
        while (!waiting.isEmpty()) {
            if (waiting.peek() == '(') {
                throw new Fault("leaves a bracket open");
            }
            reduce();
        }
        return values.pop();
    }

    private static boolean isDigit(char c) {
        return '0' <= c && c <= '9';
    }

    private static String name(int codePoint) {
        return codePoint > ' ' && codePoint < 127
                ? "'" + Character.toString(codePoint) + "'"
                : String.format("U+%04X", codePoint);
    }

    private void number(String text, int start, int end) throws Fault {
        if (!valueNext) {
            throw new Fault("has two values side by side");
        }
        if (end - start > MOST_DIGITS) {
            throw new Fault("has a number of " + (end - start) + " digits");
        }
        if (text.charAt(start) == '0' && end - start > 1) {
            throw new Fault("has a number that begins with 0");
        }
        int number = Integer.parseInt(text, start, end, 10);
        numbers.add(number);
        if (numbers.size() > mostNumbers) {
            throw new Fault("has more than " + mostNumbers + " numbers");
        }
        values.push(Rational.of(number));
        valueNext = false;
    }

    private void open() throws Fault {
        if (!valueNext) {
            throw new Fault("has two values side by side");
        }
        waiting.push('(');
    }

    private void close() throws Fault {
        if (valueNext) {
            throw new Fault("closes a bracket where a number is expected");
        }
        while (!waiting.isEmpty() && waiting.peek() != '(') {
            reduce();
        }
        if (waiting.isEmpty()) {
            throw new Fault("closes a bracket that is not open");
        }
        waiting.pop();
    }

    private void operator(char operator) throws Fault {
        if (valueNext) {
            throw new Fault("has '" + operator + "' where a number is expected");
        }
        while (!waiting.isEmpty() && precedence(waiting.peek()) >= precedence(operator)) {
            reduce();
        }
        waiting.push(operator);
        valueNext = true;
    }

    private static int precedence(char operator) {
        return switch (operator) {
            case '*', '/' -> 2;
            case '+', '-' -> 1;
            default -> 0; // an open bracket
        };
    }

    /** Applies the last operator to the last two values. */
    private void reduce() throws Fault {
        Rational right = values.pop();
        Rational left = values.pop();
        char operator = waiting.pop();
        if (operator == '/' && right.isZero()) {
            throw new Fault("divides by zero");
        }
        values.push(
                switch (operator) {
                    case '+' -> left.plus(right);
                    case '-' -> left.minus(right);
                    case '*' -> left.times(right);
                    default -> left.over(right);
                });
    }
}
