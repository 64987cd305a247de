package dev.upbeat.task.zebra;

import java.util.List;

/**
 * A characteristic of which each house has another value.
 *
 * @param name as solutions call it: {@code BookGenre}
 * @param sentence as questions introduce it: {@code People have unique favorite book genres}
 * @param values in the order in which a question lists them
 */
record Attribute(String name, String sentence, List<Value> values) {
    Attribute {
        values = List.copyOf(values);
    }

    /**
     * @param word as questions list it and solutions give it: {@code mystery}
     * @param phrase as clues say who has it: {@code the person who loves mystery books}
     */
    record Value(String word, String phrase) {}
}
