package dev.upbeat.study.perturbation;

import dev.upbeat.io.BadInputException;
import java.util.List;
import java.util.Set;

/**
 * How responses are perturbed.
 *
 * @param positions by each criterion, >= 1
 * @param alternatives k, tokens tried at each position, >= 1
 * @param includeOriginal whether the k most likely tokens may include the response's own (as the paper writes); else
 *     they are the k most likely other tokens
 * @param horizons numbers of tokens after the position that are compared, ascending; {@link #END} for all
 * @param tail number of last tokens of a response that are not candidates
 * @param maxNewTokens limit of the responses; it counts the tokens before a continuation too
 * @param resamples number of resamples for each interval, and of sign flips for each p-value
 * @param seed of random positions and of the statistics
 * @param stopIds ids that end a response
 * @param criteria the criteria by which positions are chosen
 * @param words the words that are compared
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
        List<Criterion> criteria,
        Words words) {
    /** The horizon without an end. */
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

    /** @throws BadInputException if a vocabulary of this many tokens has too few alternatives */
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
