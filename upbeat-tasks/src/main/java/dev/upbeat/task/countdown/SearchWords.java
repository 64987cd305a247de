package dev.upbeat.task.countdown;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bundled model's vocabulary: 23 words and signs, then one word for each integer 0..99. */
public final class SearchWords {
    public static final int PAD = 0;
    public static final int BOS = 1;
    public static final int EOS = 2;

    /** Id of the number 0; the other numbers follow. */
    public static final int FIRST_NUMBER = 23;

    /** Count of numbers with a word: 0 to 99. */
    public static final int NUMBERS = 100;

    static final String NEWLINE = "\n";

    private static final List<String> WORDS = words();
    private static final Map<String, Integer> IDS = ids();

    private SearchWords() {}

    private static List<String> words() {
        List<String> words = new ArrayList<>(List.of("<pad>", "<bos>", "<eos>", ">", NEWLINE));
        words.addAll(List.of("+", "-", "*", "/", "(", ")", "=", ":", "x", "!", "#", ";"));
        words.addAll(List.of("try", "left", "want", "check", "ok", "guess"));
        for (int number = 0; number < NUMBERS; number++) {
            words.add(String.valueOf(number));
        }
        return List.copyOf(words);
    }

    private static Map<String, Integer> ids() {
        Map<String, Integer> ids = new HashMap<>();
        WORDS.forEach(word -> ids.put(word, ids.size()));
        return ids;
    }

    /** Every word, by its id. */
    public static List<String> all() {
        return WORDS;
    }

    /** @throws IllegalArgumentException if a word is not in the vocabulary */
    static int[] ids(List<String> words) {
        return words.stream().mapToInt(SearchWords::id).toArray();
    }

    private static int id(String word) {
        Integer id = IDS.get(word);
        if (id == null) {
            throw new IllegalArgumentException("\"" + word + "\" is not in the vocabulary");
        }
        return id;
    }
}
