package dev.upbeat.task.countdown;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    @ParameterizedTest
    @CsvSource({
        "44 + ( 37 - 6 ), 75",
        "2+3*4, 14",
        "(2+3)*4, 20",
        "10-4-3, 3",
        "100/10/5, 2",
        "10-(4-3), 9",
        "2*3/4, 3/2",
        "1/3+1/6, 1/2",
        "8/(3-8/3), 24",
        "2-5, -3",
        "1/(2-5), -1/3",
        "0, 0",
        "0/7, 0",
        "((((7)))), 7",
        "999999999*999999999*999999999, 999999997000000002999999999"
    })
    void valuesAreExactAndOperatorsBindAsInArithmetic(String text, String value) {
        Expression expression = Expression.read(text, 6);
        assertThat(expression.fault()).isNull();
        assertThat(expression.value()).hasToString(value);
    }

    @Test
    void numbersKeepTheirOrderAndAnyAsciiSpaceSeparatesThem() {
        assertThat(Expression.read("\t3 *\r\n(12-3)\n", 3)).satisfies(expression -> {
            assertThat(expression.numbers()).containsExactly(3, 12, 3);
            assertThat(expression.value()).hasToString("27");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "'  ', is empty",
        "1 +, ends too early",
        "(1 + 2, leaves a bracket open",
        "(, ends too early",
        "1 + 2), closes a bracket that is not open",
        "(), closes a bracket where a number is expected",
        "1 2, two values side by side",
        "2(3), two values side by side",
        "(2)3, two values side by side",
        "-3 + 5, '-' where a number is expected",
        "3 * -5, '-' where a number is expected",
        "3 ** 5, '*' where a number is expected",
        "3 // 5, '/' where a number is expected",
        "1 / 0, divides by zero",
        "1 / (2 - 2), divides by zero",
        "0 / 0, divides by zero",
        "1 + 2 = 3, has '='",
        "1.5 + 2, has '.'",
        "'1,000', 'has '','''",
        "07 + 1, begins with 0",
        "1e3, has 'e'",
        "1_0, has '_'",
        "1 + 2 + 3 + 4, more than 3 numbers",
        "1234567890, a number of 10 digits"
    })
    void whatIsNoExpressionSaysWhy(String text, String fault) {
        Expression expression = Expression.read(text, 3);
        assertThat(expression.value()).isNull();
        assertThat(expression.fault()).contains(fault);
    }

    @Test
    void digitsSignsAndSpacesOfOtherScriptsAreNone() {
        for (String other :
                new String[] {"٣", "３", "²", "𝟛", "½", "×", "÷", "−", "⁄", "（", "\u00A0", "\u200B", "\u0000"}) {
            Expression expression = Expression.read("1 + 2" + other, 3);
            assertThat(expression.fault()).as(other).contains("which an expression cannot contain");
        }
        assertThat(Expression.read("٣", 3).fault()).contains("U+0663");
    }

    @Test
    void aMillionNestedBracketsAreReadWithoutOverflow() {
        String open = "(".repeat(1_000_000);
        String close = ")".repeat(1_000_000);
        assertThat(Expression.read(open + "7" + close, 3).value()).hasToString("7");
        assertThat(Expression.read(open, 3).fault()).contains("ends too early");
        assertThat(Expression.read(open + "7" + close + ")", 3).fault()).contains("not open");
        assertThat(Expression.read("7" + open, 3).fault()).contains("side by side");
    }

    @Test
    void aNumberOfAMillionDigitsIsRefusedUnread() {
        assertThat(Expression.read("9".repeat(1_000_000), 3).fault()).contains("1000000 digits");
    }
}
