package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a puzzle: {@code 4x6} has 4 houses and 6 attributes, including the name.
 *
 * @param houses N, 2 to 6
 * @param attributes M, 2 to 6
 */
public record GridSize(int houses, int attributes) {
    static final int LEAST = 2;
    static final int MOST = 6;

    private static final Pattern FORM = Pattern.compile("([0-9])[x*]([0-9])");
    private static final String EXPECTED =
            "expected sizes such as 4x4 (houses x attributes, each 2 to 6), small, medium, large, x-large or all";

    public GridSize {
        if (houses < LEAST || houses > MOST || attributes < LEAST || attributes > MOST) {
            throw new BadInputException("size " + houses + "x" + attributes + ": " + EXPECTED);
        }
    }

    /**
     * Sizes by name, each once, in the given order.
     *
     * @param names separated by commas: {@code 4x4}, a difficulty (all its sizes), or {@code all}
     * @throws BadInputException if a name is unknown
     */
    public static List<GridSize> parse(String names) {
        Set<GridSize> sizes = new LinkedHashSet<>();
        for (String name : names.split(",", -1)) {
            sizes.addAll(named(name.strip().toLowerCase(Locale.ROOT)));
        }
        return List.copyOf(sizes);
    }

    private static List<GridSize> named(String name) {
        if (name.equals("all")) {
            return all();
        }
        Matcher matcher = FORM.matcher(name);
        if (matcher.matches()) {
            return List.of(new GridSize(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
        }
        List<GridSize> sizes = all().stream()
                .filter(size -> size.difficulty().toString().equals(name))
                .toList();
        if (sizes.isEmpty()) {
            throw new BadInputException("size '" + name + "': " + EXPECTED);
        }
        return sizes;
    }

    /** The 25 sizes from 2x2 to 6x6. */
    static List<GridSize> all() {
        List<GridSize> sizes = new ArrayList<>();
        for (int houses = LEAST; houses <= MOST; houses++) {
            for (int attributes = LEAST; attributes <= MOST; attributes++) {
                sizes.add(new GridSize(houses, attributes));
            }
        }
        return sizes;
    }

    /** Number of assignments before any clue: (N!)^M. */
    public BigInteger assignments() {
        BigInteger orders = BigInteger.ONE;
        for (int i = 2; i <= houses; i++) {
            orders = orders.multiply(BigInteger.valueOf(i));
        }
        return orders.pow(attributes);
    }

    /** The difficulty by the number of assignments: below 10^3, 10^6, 10^10, and beyond (arXiv 2502.01100). */
    public Difficulty difficulty() {
        int digits = assignments().toString().length();
        if (digits <= 3) {
            return Difficulty.SMALL;
        }
        if (digits <= 6) {
            return Difficulty.MEDIUM;
        }
        return digits <= 10 ? Difficulty.LARGE : Difficulty.X_LARGE;
    }

    @Override
    public String toString() {
        return houses + "x" + attributes;
    }

    /** Classes of sizes, with the names of the benchmark's paper. */
    public enum Difficulty {
        SMALL,
        MEDIUM,
        LARGE,
        X_LARGE;

        /** {@code x-large}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
