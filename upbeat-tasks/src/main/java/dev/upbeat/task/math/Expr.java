package dev.upbeat.task.math;

import dev.upbeat.task.Rational;
import java.util.List;

/** The parsed form of an answer. */
sealed interface Expr {
    /**
     * A number as written.
     *
     * @param places digits after the point; 0 for a whole number
     */
    record Numeral(Rational value, int places) implements Expr {}

    /** A variable or constant: {@code x}, {@code \pi}, {@code k_B}. */
    record Symbol(String name) implements Expr {}

    /** An operator or function with its arguments: {@code +}, {@code ^}, {@code sin}, {@code f}. */
    record Apply(String operator, List<Expr> arguments) implements Expr {
        public Apply {
            arguments = List.copyOf(arguments);
        }
    }

    /** The content of a pair of brackets: a tuple, an interval or, in braces, a set. */
    record Group(char open, char close, List<Expr> items) implements Expr {
        public Group {
            items = List.copyOf(items);
        }
    }

    /** Several answers without brackets around them. */
    record Items(List<Expr> items) implements Expr {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A matrix: rows of equal length. */
    record Matrix(List<List<Expr>> rows) implements Expr {
        public Matrix {
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /**
     * A relation: {@code x = 3}, {@code 1 < x \le 2}, {@code x \in A}.
     *
     * @param signs one fewer than sides
     */
    record Relation(List<Expr> sides, List<String> signs) implements Expr {
        public Relation {
            sides = List.copyOf(sides);
            signs = List.copyOf(signs);
        }

        Expr last() {
            return sides.get(sides.size() - 1);
        }

        boolean isEquation() {
            return signs.stream().allMatch("="::equals);
        }
    }

    /** A quantity: percent is {@code %}, degrees are {@code deg}, money is {@code $}. */
    record Measure(Expr value, String unit) implements Expr {}

    /**
     * A time of day or a duration.
     *
     * @param second -1 if not given
     * @param half {@code a} for a.m., {@code p} for p.m., else empty
     * @param leadingZero whether the hour is written with one
     */
    record Time(int hour, int minute, int second, String half, boolean leadingZero) implements Expr {}

    /** A numeral that states its base. */
    record Based(String digits, int base) implements Expr {}

    static Expr apply(String operator, Expr... arguments) {
        return new Apply(operator, List.of(arguments));
    }

    static Expr number(long value) {
        return new Numeral(Rational.of(value), 0);
    }
}
