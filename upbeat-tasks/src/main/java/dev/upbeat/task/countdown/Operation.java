package dev.upbeat.task.countdown;

import java.util.OptionalInt;

/** An operation on two positive whole numbers, the larger first, of generated puzzles and of the bundled model. */
enum Operation {
    PLUS("+") {
        @Override
        long result(int larger, int smaller) {
            return (long) larger + smaller;
        }
    },
    MINUS("-") {
        @Override
        long result(int larger, int smaller) {
            return (long) larger - smaller;
        }
    },
    TIMES("*") {
        @Override
        long result(int larger, int smaller) {
            return smaller > 1 ? (long) larger * smaller : 0;
        }
    },
    OVER("/") {
        @Override
        long result(int larger, int smaller) {
            return smaller > 1 && larger % smaller == 0 ? larger / smaller : 0;
        }
    };

    private final String symbol;

    Operation(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** The result; 0 if the operation does not apply: for fractions, and products and quotients by 1. */
    abstract long result(int larger, int smaller);

    /**
     * The result if it is from 1 to {@code most}, else empty.
     *
     * @param larger at least {@code smaller}, which is at least 1
     */
    OptionalInt apply(int larger, int smaller, int most) {
        long result = result(larger, smaller);
        return 1 <= result && result <= most ? OptionalInt.of((int) result) : OptionalInt.empty();
    }
}
