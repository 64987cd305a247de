package dev.upbeat.rhythm;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A choice of layers as written in options: {@code all}, {@code bottom-third}, {@code middle-third} or {@code
 * top-third}, each with an optional {@code /K}, or a list such as {@code 3,5,7} (docs/method.md, section 2). The
 * paper's choice for RL is {@code middle-third/5}.
 *
 * <p>The thirds of L layers are 0 .. floor(L/3)-1, floor(L/3) .. floor(2L/3) and floor(2L/3) .. L-1, both ends
 * included. {@code /K} takes K evenly spaced layers of the part, both ends included, rounded half up, duplicates
 * dropped: {@code middle-third/5} is 10 13 15 18 20 of 30 layers and 1 2 3 of 5.
 */
public final class LayerRange {
    private static final Pattern PART = Pattern.compile("(all|bottom-third|middle-third|top-third)(?:/(\\d{1,9}))?");
    private static final Pattern LIST = Pattern.compile("\\s*\\d{1,9}\\s*(?:,\\s*\\d{1,9}\\s*)*");

    private final String text;
    private final IntFunction<List<Integer>> choice;

    private LayerRange(String text, IntFunction<List<Integer>> choice) {
        this.text = text;
        this.choice = choice;
    }

    /** @throws BadInputException if the text has none of the forms above, or a list names a layer twice */
    public static LayerRange parse(String text) {
        Matcher part = PART.matcher(text);
        if (part.matches() && part.group(2) == null) {
            return new LayerRange(text, layers -> part(text, layers));
        }
        if (part.matches() && Integer.parseInt(part.group(2)) >= 2) {
            int count = Integer.parseInt(part.group(2));
            return new LayerRange(text, layers -> evenlySpaced(part(text, layers), count));
        }
        if (LIST.matcher(text).matches()) {
            List<Integer> listed = listed(text);
            return new LayerRange(text, layers -> checked(text, listed, layers));
        }
        throw new BadInputException("layers \"" + text + "\": expected all, bottom-third, middle-third or top-third,"
                + " each with an optional /K for K >= 2 evenly spaced layers of it, or a list of layer numbers such as"
                + " 3,5,7");
    }

    /**
     * The chosen layers of a model.
     *
     * @param layers L, layers of the model, >= 1
     * @return layer numbers from 0, ascending, at least one
     * @throws BadInputException if a listed layer does not exist or the third is empty
     */
    public List<Integer> resolve(int layers) {
        if (layers < 1) {
            throw new IllegalArgumentException("a model of " + layers + " layers; expected at least 1");
        }
        return choice.apply(layers);
    }

    /** The text that was parsed. */
    @Override
    public String toString() {
        return text;
    }

    private static List<Integer> part(String text, int layers) {
        int lower = layers / 3;
        int upper = (int) (2L * layers / 3);
        int first = text.startsWith("middle") ? lower : text.startsWith("top") ? upper : 0;
        int last = text.startsWith("middle") ? upper : text.startsWith("bottom") ? lower - 1 : layers - 1;
        if (first > last) {
            throw new BadInputException("layers \"" + text + "\": the bottom third of a model of " + layers
                    + " layers is empty; it needs a model of at least 3: choose all, or a list of layer numbers");
        }
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private static List<Integer> evenlySpaced(List<Integer> part, int count) {
        if (count >= part.size()) {
            return part; // every layer is chosen
        }
        long gaps = count - 1L;
        long distance = part.size() - 1L;
        return IntStream.range(0, count)
                .mapToObj(i -> part.get((int) ((2L * i * distance + gaps) / (2 * gaps)))) // floor(x + 1/2)
                .toList();
    }

    private static List<Integer> listed(String text) {
        List<Integer> numbers = Arrays.stream(text.split(","))
                .map(number -> Integer.valueOf(number.strip()))
                .toList();
        Set<Integer> seen = new HashSet<>();
        for (Integer layer : numbers) {
            if (!seen.add(layer)) {
                throw new BadInputException(
                        "layers \"" + text + "\": layer " + layer + " is listed twice; list each layer once");
            }
        }
        return numbers.stream().sorted().toList();
    }

    private static List<Integer> checked(String text, List<Integer> listed, int layers) {
        for (int layer : listed) {
            if (layer >= layers) {
                throw new BadInputException("layers \"" + text + "\": there is no layer " + layer
                        + "; the model has layers 0 to " + (layers - 1));
            }
        }
        return listed;
    }
}
