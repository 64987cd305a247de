package dev.upbeat.gguf;

import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a GGUF file: the model's shape under {@code <architecture>.*}, its tokenizer under
 * {@code tokenizer.*}. Integers are Long (BigInteger for a larger UINT64), FLOAT32 Float, FLOAT64 Double, BOOL Boolean,
 * STRING String, ARRAY an unmodifiable List of these. The typed getters reject an absent key or a value of another type
 * with a {@link BadInputException} that names the file and the key.
 *
 * @param values unmodifiable, in the file's order
 */
public record GgufMetadata(Path file, Map<String, Object> values) {
    public static final String CHAT_TEMPLATE = "tokenizer.chat_template";

    public boolean contains(String key) {
        return values.containsKey(key);
    }

    public String string(String key) {
        return value(key, String.class, "a string");
    }

    public boolean bool(String key, boolean absent) {
        return contains(key) ? value(key, Boolean.class, "a boolean") : absent;
    }

    /** An integer of any width that fits an int. */
    public int integer(String key) {
        return toInt(key, values.get(key));
    }

    /**
     * A FLOAT32 or FLOAT64. A FLOAT32 becomes the shortest decimal that rounds to it, which is what its writer was given: 1e-5,
     * not 9.999999747378752e-6.
     */
    public double number(String key) {
        Object value = values.get(key);
        if (value instanceof Float single) {
            return Double.parseDouble(single.toString());
        }
        return value(key, Double.class, "a floating-point number");
    }

    public List<String> strings(String key) {
        return list(key).stream()
                .map(element -> {
                    if (element instanceof String text) {
                        return text;
                    }
                    throw wrong(key, element, "an array of strings");
                })
                .toList();
    }

    public int[] integers(String key) {
        return list(key).stream().mapToInt(element -> toInt(key, element)).toArray();
    }

    /** An array of finite floating-point numbers. */
    public double[] numbers(String key) {
        return list(key).stream()
                .mapToDouble(element -> {
                    if (element instanceof Number number && Double.isFinite(number.doubleValue())) {
                        return number.doubleValue();
                    }
                    throw wrong(key, element, "an array of finite numbers");
                })
                .toArray();
    }

    private List<?> list(String key) {
        return value(key, List.class, "an array");
    }

    private int toInt(String key, @Nullable Object value) {
        if (value instanceof Long wide && wide.intValue() == wide) {
            return wide.intValue();
        }
        throw wrong(key, value, "an integer of 32 bits");
    }

    private <T> T value(String key, Class<T> type, String expected) {
        Object value = values.get(key);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw wrong(key, value, expected);
    }

    private BadInputException wrong(String key, @Nullable Object value, String expected) {
        String given = value == null
                ? "no value"
                : value instanceof List<?> list
                        ? "an array of " + list.size()
                        : value.getClass().getSimpleName() + " " + value;
        return new BadInputException(file + " has " + given + " for " + key + ", expected " + expected
                + ". Convert the model again with a current converter.");
    }
}
