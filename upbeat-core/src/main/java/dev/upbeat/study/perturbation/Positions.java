package dev.upbeat.study.perturbation;

import dev.upbeat.trace.Observation;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Positions of a response by each {@link Criterion}. Choices that the paper leaves open: the last {@code tail} tokens are
 * excluded, because their FAI averages few rows and little follows them; ties go to the earlier position.
 */
final class Positions {
    private final Observation seen;
    private final int count;
    private final List<Integer> candidates;

    /**
     * @param count of positions by each criterion
     * @param tail last tokens to exclude
     */
    Positions(Observation seen, int count, int tail) {
        this.seen = seen;
        this.count = count;
        this.candidates = IntStream.range(0, Math.max(0, seen.length() - tail))
                .filter(position -> !Float.isNaN(seen.fai()[position]))
                .boxed()
                .toList();
    }

    /** Whether there are enough candidates for high and low positions without overlap. */
    boolean suffice() {
        return candidates.size() >= 2 * count;
    }

    /** Positions by criterion, each [count], the most extreme first. */
    Map<Criterion, int[]> all(List<Criterion> criteria, SplittableRandom random) {
        Map<Criterion, int[]> all = new EnumMap<>(Criterion.class);
        for (Criterion criterion : Criterion.values()) {
            int[] chosen = of(criterion, random);
            if (criteria.contains(criterion)) {
                all.put(criterion, chosen);
            }
        }
        return all;
    }

    private int[] of(Criterion criterion, SplittableRandom random) {
        return switch (criterion) {
            case HIGH_FAI -> smallest(position -> -seen.fai()[position]);
            case LOW_FAI -> smallest(position -> seen.fai()[position]);
            case HIGH_WAAD -> smallest(position -> -seen.waad()[position]);
            case LOW_WAAD -> smallest(position -> seen.waad()[position]);
            case HIGH_ENTROPY -> smallest(position -> -seen.entropyNats()[position]);
            case LOW_ENTROPY -> smallest(position -> seen.entropyNats()[position]);
            case RANDOM -> {
                double[] draws = random.doubles(seen.length()).toArray();
                yield smallest(position -> draws[position]);
            }
            case MATCHED -> matched(smallest(position -> -seen.fai()[position]));
        };
    }

    private int[] smallest(IntToDoubleFunction value) {
        return candidates.stream()
                .sorted(Comparator.comparingDouble(value::applyAsDouble))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** One control for each position, in their order, without repetition. */
    private int[] matched(int[] positions) {
        double[] fai =
                candidates.stream().mapToDouble(c -> seen.fai()[c]).sorted().toArray();
        double median = fai[(fai.length - 1) / 2];
        double entropyScale = deviation(position -> seen.entropyNats()[position]);
        double positionScale = deviation(position -> position);
        Set<Integer> taken = new LinkedHashSet<>();
        for (int wanted : positions) {
            candidates.stream()
                    .filter(c -> seen.fai()[c] <= median && !taken.contains(c))
                    .filter(c -> Arrays.stream(positions).noneMatch(position -> position == c))
                    .min(Comparator.comparingDouble(
                            c -> Math.abs(seen.entropyNats()[c] - seen.entropyNats()[wanted]) / entropyScale
                                    + Math.abs(c - wanted) / positionScale))
                    .ifPresent(taken::add);
        }
        return taken.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Standard deviation over the candidates; 1 if all are equal. */
    private double deviation(IntToDoubleFunction value) {
        double mean =
                candidates.stream().mapToDouble(value::applyAsDouble).average().orElse(0);
        double variance = candidates.stream()
                .mapToDouble(c -> Math.pow(value.applyAsDouble(c) - mean, 2))
                .average()
                .orElse(0);
        return variance > 0 ? Math.sqrt(variance) : 1;
    }
}
