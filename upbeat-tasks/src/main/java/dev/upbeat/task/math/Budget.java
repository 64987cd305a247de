package dev.upbeat.task.math;

/**
 * The steps that one verdict may take. All loops and recursions of this package either shrink a text of bounded length or
 * spend from here, so that a verdict's time is bounded by construction, with no thread to watch it.
 */
class Budget {
    static final int STEPS = 400_000;

    private int left = STEPS;

    /** @throws Undecided where more is spent than there is */
    void spend(int steps) throws Undecided {
        left -= steps;
        if (steps < 0 || left < 0) {
            throw new Undecided("too long to work out");
        }
    }
}
