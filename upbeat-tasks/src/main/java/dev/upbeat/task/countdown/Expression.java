package dev.upbeat.task.countdown;

import dev.upbeat.task.Rational;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an expression says. The grammar is the whole of what counts as one:
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
 * @param numbers the numbers in it, in their order
 * @param value exact; null where there is a fault
 * @param fault why it says nothing; null where it has a value
 */
record Expression(
        List<Integer> numbers,
        @Nullable Rational value,
        @Nullable String fault) {

    /**
     * Reads from left to right with a stack of its own: time and memory grow with the length of the text, and no depth of
     * brackets overflows.
     *
     * @param mostNumbers where one more comes, the rest is not read: values stay small
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
