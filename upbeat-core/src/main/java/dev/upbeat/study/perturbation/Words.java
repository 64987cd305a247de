package dev.upbeat.study.perturbation;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Words of a text that the overlap compares. */
public enum Words {
    /** {@link ContentWords}. */
    CONTENT("content words"),
    /** The text between white space as it is written, function words and punctuation included. */
    WHITESPACE("words between white space");

    private final String label;

    Words(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** The set of words of a text. */
    Set<String> of(String text) {
        return switch (this) {
            case CONTENT -> ContentWords.of(text);
            case WHITESPACE ->
                Arrays.stream(text.split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.toSet());
        };
    }
}
