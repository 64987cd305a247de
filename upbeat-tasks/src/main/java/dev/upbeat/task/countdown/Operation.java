package dev.upbeat.task.countdown;

import java.util.OptionalInt;

/** An operation between two positive whole numbers, the larger first, as puzzles are made and the bundled model reckons. */
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

    /** 0 where the operation does not apply: what is not whole, and products and quotients by 1. */
    abstract long result(int larger, int smaller);

    /**
     * The result where it is from 1 to {@code most}.
     *
     * @param larger at least {@code smaller}, which is at least 1
     */
    OptionalInt apply(int larger, int smaller, int most) {
        long result = result(larger, smaller);
        return 1 <= result && result <= most ? OptionalInt.of((int) result) : OptionalInt.empty();
    }
}
