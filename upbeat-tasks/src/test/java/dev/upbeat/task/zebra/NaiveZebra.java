package dev.upbeat.task.zebra;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The solver's twin: every assignment of houses to values is tried against every clue, read here from the English. */
final class NaiveZebra {
    private NaiveZebra() {}

    /** @return the house of every value, from 0 */
    static List<List<Integer>> solutions(int houses, int attributes, List<Clue> clues) {
        List<List<Integer>> all = List.of(List.of());
        for (int attribute = 0; attribute < attributes; attribute++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> assignment : all) {
                for (List<Integer> order : orders(houses)) {
                    List<Integer> joined = new ArrayList<>(assignment);
                    joined.addAll(order);
                    longer.add(joined);
                }
            }
            all = longer;
        }
        return all.stream()
                .filter(houseOf -> clues.stream().allMatch(clue -> holds(clue, houseOf)))
                .toList();
    }

    private static boolean holds(Clue clue, List<Integer> houseOf) {
        int a = houseOf.get(clue.first());
        int b = clue.kind().namesHouse() ? clue.second() : houseOf.get(clue.second());
        return switch (clue.kind()) {
            case FOUND_AT, SAME_HOUSE -> a == b;
            case NOT_AT, UNLINKED -> a != b;
            case DIRECTLY_LEFT -> a + 1 == b;
            case DIRECTLY_RIGHT -> b + 1 == a;
            case SOMEWHERE_LEFT -> a < b;
            case SOMEWHERE_RIGHT -> a > b;
            case NEXT_TO -> a + 1 == b || b + 1 == a;
            case ONE_BETWEEN -> a + 2 == b || b + 2 == a;
            case TWO_BETWEEN -> a + 3 == b || b + 3 == a;
        };
    }

    private static List<List<Integer>> orders(int houses) {
        List<List<Integer>> orders = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int house = 0; house < houses; house++) {
            order.add(house);
        }
        permute(order, 0, orders);
        return orders;
    }

    private static void permute(List<Integer> order, int from, List<List<Integer>> orders) {
        if (from == order.size()) {
            orders.add(List.copyOf(order));
        }
        for (int i = from; i < order.size(); i++) {
            Collections.swap(order, from, i);
            permute(order, from + 1, orders);
            Collections.swap(order, from, i);
        }
    }
}
