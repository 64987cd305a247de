package dev.upbeat.task.countdown;

import dev.upbeat.task.Rational;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value of a Countdown answer. An expression has this grammar and nothing else, unlike the LaTeX that the verifier of
 * mathematics parses:
 *
 * <pre>
 * sum     = product (("+" | "-") product)*
 * product = factor (("*" | "/") factor)*
 * factor  = number | "(" sum ")"
 * number  = "0" | one to nine ASCII digits, the first not 0
 * </pre>
 *
 * with spaces, tabs and line ends between them: no sign, decimal point, equals sign or digit of another script.
 *
 * @param numbers of the expression, in their order
 * @param value exact value; null if there is a fault
 * @param fault why there is no value; null if there is one
 */
record Expression(
        List<Integer> numbers,
        @Nullable Rational value,
        @Nullable String fault) {

    /**
     * Reads from left to right with an explicit stack: time and memory are linear in the length of the text, and deep brackets
     * do not overflow the call stack.
     *
     * @param mostNumbers reading stops after more numbers, which bounds the size of values
     */
    static Expression read(String text, int mostNumbers) {
        ExpressionReader reader = new ExpressionReader(mostNumbers);
        try {
            Rational value = reader.read(text);
            return new Expression(reader.numbers(), value, null);
        } catch (ExpressionReader.Fault e) {
            return new Expression(reader.numbers(), null, e.getMessage());
        }
    }

    Expression {
        numbers = List.copyOf(numbers);
    }
}
