package dev.upbeat.task.zebra;

/**
 * A clue of a puzzle of N houses. Values are numbered through all attributes: value v of attribute a is {@code a * N + v}.
 *
 * @param first a value
 * @param second another value; or a house, from 0, if the kind names one
 */
record Clue(ClueKind kind, int first, int second) {
    /** @param houseOf the house of each value, from 0 */
    boolean holds(int[] houseOf) {
        return kind.holds((kind.namesHouse() ? second : houseOf[second]) - houseOf[first]);
    }
}
