package dev.upbeat.task.zebra;

import java.util.List;

/**
 * A characteristic with a different value in each house.
 *
 * @param name in solutions: {@code BookGenre}
 * @param sentence that introduces it in questions: {@code People have unique favorite book genres}
 * @param values in the order in which a question lists them
 */
record Attribute(String name, String sentence, List<Value> values) {
    Attribute {
        values = List.copyOf(values);
    }

    /**
     * @param word in lists and solutions: {@code mystery}
     * @param phrase for its owner in clues: {@code the person who loves mystery books}
     */
    record Value(String word, String phrase) {}
}
