package dev.upbeat.task.zebra;

import dev.upbeat.series.RandomStream;
import dev.upbeat.task.zebra.Attribute.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Generates puzzles: draws a random solution, adds true clues kind by kind until no other solution is left, then removes, in
 * random order, every clue that the others imply. The result has exactly one solution, and several without any of its clues.
 */
final class PuzzleGenerator {
    /** One in this many solutions is reserved for tests. */
    private static final int HELD_OUT = 16;

    private final GridSize size;
    private final SplittableRandom random;

    private PuzzleGenerator(GridSize size, SplittableRandom random) {
        this.size = size;
        this.random = random;
    }

    /** @param houseOf the only solution: the house of each value, from 0 */
    record Generated(ZebraPuzzle puzzle, int[] houseOf) {
        Grid solution() {
            return puzzle.grid(houseOf);
        }
    }

    /** @param test whether the solution is held out: no test puzzle has the solution of a training puzzle */
    static Generated draw(GridSize size, SplittableRandom random, boolean test) {
        return new PuzzleGenerator(size, random).draw(test);
    }

    /** Whether a solution is reserved for tests. */
    static boolean heldOut(Grid solution) {
        // String.hashCode is specified, so that the split is the same everywhere; the stream spreads its low bits.
        return RandomStream.of(identity(solution).hashCode()).nextInt(HELD_OUT) == 0;
    }

    /** A key of the solution that ignores the order of its attributes. */
    static String identity(Grid solution) {
        TreeSet<String> columns = new TreeSet<>();
        for (int a = 0; a < solution.attributes().size(); a++) {
            StringBuilder column = new StringBuilder(solution.attributes().get(a));
            for (List<String> house : solution.houses()) {
                column.append('|').append(house.get(a));
            }
            columns.add(column.toString());
        }
        return columns.toString();
    }

    private Generated draw(boolean test) {
        while (true) {
            List<Attribute> attributes = attributes();
            int[] houseOf = houses();
            if (heldOut(new ZebraPuzzle(attributes, List.of()).grid(houseOf)) == test) {
                return new Generated(new ZebraPuzzle(attributes, clues(houseOf)), houseOf);
            }
        }
    }

    private List<Attribute> attributes() {
        List<Attribute> others = new ArrayList<>(Vocabulary.all());
        List<Attribute> chosen = new ArrayList<>();
        chosen.add(listed(others.remove(0))); // the name
        while (chosen.size() < size.attributes()) {
            chosen.add(listed(others.remove(random.nextInt(others.size()))));
        }
        return chosen;
    }

    /** The attribute with as many values as there are houses, in random order. */
    private Attribute listed(Attribute attribute) {
        List<Value> values = new ArrayList<>(attribute.values());
        RandomStream.shuffle(values, random);
        return new Attribute(attribute.name(), attribute.sentence(), values.subList(0, size.houses()));
    }

    private int[] houses() {
        int[] houseOf = new int[size.attributes() * size.houses()];
        List<Integer> houses = new ArrayList<>();
        for (int house = 0; house < size.houses(); house++) {
            houses.add(house);
        }
        for (int i = 0; i < houseOf.length; i++) {
            if (i % size.houses() == 0) {
                RandomStream.shuffle(houses, random);
            }
            houseOf[i] = houses.get(i % size.houses());
        }
        return houseOf;
    }

    private List<Clue> clues(int[] houseOf) {
        Map<ClueKind, List<Clue>> pool = pool(houseOf);
        List<Clue> clues = new ArrayList<>();
        do {
            for (int i = 0; i < houseOf.length && !pool.isEmpty(); i++) {
                clues.add(take(pool));
            }
        } while (solver(clues).solutions(2).size() > 1);
        // A clue that is needed among more clues is needed among fewer, so one pass removes all redundant clues.
        RandomStream.shuffle(clues, random);
        for (int i = clues.size() - 1; i >= 0; i--) {
            if (!solver(clues).isNeeded(i)) {
                clues.remove(i);
            }
        }
        return clues;
    }

    private GridSolver solver(List<Clue> clues) {
        return new GridSolver(size.houses(), size.attributes(), clues);
    }

    /** Draws a kind by weight among those with clues left, then one of its clues. */
    @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // the loop ends there
    private Clue take(Map<ClueKind, List<Clue>> pool) {
        int ticket = random.nextInt(
                pool.keySet().stream().mapToInt(kind -> kind.weight()).sum());
        for (Map.Entry<ClueKind, List<Clue>> entry : pool.entrySet()) {
            ticket -= entry.getKey().weight();
            if (ticket < 0) {
                List<Clue> clues = entry.getValue();
                Clue clue = clues.remove(clues.size() - 1);
                if (clues.isEmpty()) {
                    pool.remove(entry.getKey());
                }
                return clue;
            }
        }
        throw new IllegalStateException("a ticket beyond all weights");
    }

    /** Every true and informative clue, shuffled; kinds without clues are left out. */
    private Map<ClueKind, List<Clue>> pool(int[] houseOf) {
        Map<ClueKind, List<Clue>> pool = new EnumMap<>(ClueKind.class);
        for (ClueKind kind : ClueKind.values()) {
            List<Clue> clues = new ArrayList<>();
            for (int first = 0; first < houseOf.length; first++) {
                int seconds = kind.namesHouse() ? size.houses() : houseOf.length;
                for (int second = 0; second < seconds; second++) {
                    Clue clue = new Clue(kind, first, second);
                    if (tells(clue) && clue.holds(houseOf)) {
                        clues.add(clue);
                    }
                }
            }
            RandomStream.shuffle(clues, random);
            if (!clues.isEmpty()) {
                pool.put(kind, clues);
            }
        }
        return pool;
    }

    /** Whether a clue is informative: not about one value twice, and not that values of one attribute have different houses. */
    private boolean tells(Clue clue) {
        if (clue.kind().namesHouse()) {
            return true;
        }
        boolean sameAttribute = clue.first() / size.houses() == clue.second() / size.houses();
        return clue.kind() == ClueKind.UNLINKED ? !sameAttribute : clue.first() != clue.second();
    }
}
