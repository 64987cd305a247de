package dev.upbeat.task.math;

/**
 * Steps that one verdict may take. All loops and recursions of this package either shrink a text of bounded length or
 * spend steps from here, which bounds the time of a verdict without a timer thread.
 */
class Budget {
    static final int STEPS = 400_000;

    private int left = STEPS;

    /** @throws Undecided if nothing is left */
    void spend(int steps) throws Undecided {
        left -= steps;
        if (steps < 0 || left < 0) {
            throw new Undecided("too long to work out");
        }
    }
}
