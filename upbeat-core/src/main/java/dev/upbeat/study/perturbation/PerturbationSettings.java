package dev.upbeat.study.perturbation;

import dev.upbeat.io.BadInputException;
import java.util.List;
import java.util.Set;

/**
 * How responses are perturbed.
 *
 * @param positions by each criterion, >= 1
 * @param alternatives k, tokens put at each position, >= 1
 * @param includeOriginal whether the k most likely tokens are taken as they are (the paper's letter); else the k most likely
 *     ones other than the response's own
 * @param horizons tokens behind the position that are compared, ascending; {@link #END} for all
 * @param tail last tokens of a response that are no candidates
 * @param maxNewTokens of the responses; a continuation ends where its response would have had to
 * @param resamples of the problems behind each interval, and sign flips behind each p-value
 * @param seed of random positions and of the statistics
 * @param stopIds ids that end a response
 * @param criteria by which positions are chosen
 */
public record PerturbationSettings(
        int positions,
        int alternatives,
        boolean includeOriginal,
        List<Integer> horizons,
        int tail,
        int maxNewTokens,
        int resamples,
        long seed,
        Set<Integer> stopIds,
        List<Criterion> criteria) {
    /** The horizon that has no end. */
    public static final int END = Integer.MAX_VALUE;

    public PerturbationSettings {
        horizons = horizons.stream().distinct().sorted().toList();
        stopIds = Set.copyOf(stopIds);
        criteria = List.copyOf(criteria);
        if (positions < 1 || alternatives < 1) {
            throw new BadInputException(
                    positions + " positions and " + alternatives + " alternatives; both must be at least 1");
        }
        if (horizons.isEmpty() || horizons.get(0) < 1) {
            throw new BadInputException("horizons " + horizons + ": expected numbers of tokens of at least 1, or end");
        }
        if (tail < 0) {
            throw new BadInputException("tail " + tail + ": expected 0 or more tokens to leave out at the end");
        }
        if (resamples < 1_000) {
            throw new BadInputException(resamples + " resamples; expected at least 1000");
        }
    }

    /** @throws BadInputException where a model of so many tokens has fewer alternatives than are asked for */
    public void requireVocabulary(int tokens) {
        int most = includeOriginal ? tokens : tokens - 1;
        if (alternatives > most) {
            throw new BadInputException(alternatives + " alternatives; the model's vocabulary of " + tokens
                    + " tokens has " + most + " at most: give fewer (default: 5)");
        }
    }

    /** The longest horizon. */
    public int furthest() {
        return horizons.get(horizons.size() - 1);
    }

    public static String label(int horizon) {
        return horizon == END ? "end" : String.valueOf(horizon);
    }
}
