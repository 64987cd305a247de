package dev.upbeat.linkage;

import dev.upbeat.io.BadInputException;
import java.util.List;

/**
 * How peaks are held against each other (docs/method.md, section 4).
 *
 * @param peakShare peak_q, share of the response's positions among which peaks lie, in (0, 1]
 * @param lag an FAI peak may follow a WAAD peak by so many tokens, >= 0
 * @param tail last tokens of each response that {@link TokenScope#WITHOUT_TAIL} leaves out, >= 0
 * @param shuffles for the permutation p-value and the chance of the third linkage, >= 1,000
 * @param resamples of the responses, for the bootstrap interval, >= 1,000
 * @param seed of shuffles and resamples
 * @param part of each response that is looked at; peaks are found on the whole series all the same
 * @param withinThirds whether shuffled peaks stay in their third of the response, and chance of every linkage is the mean
 *     under such shuffles: what position alone brings about is then no lift
 */
public record LinkageSettings(
        double peakShare,
        int lag,
        int tail,
        int shuffles,
        int resamples,
        long seed,
        ResponsePart part,
        boolean withinThirds) {
    public static final LinkageSettings DEFAULT = new LinkageSettings(Peaks.DEFAULT_SHARE, 1, 10, 2_000, 2_000, 0);

    private static final int MINIMUM_DRAWS = 1_000;

    public LinkageSettings {
        if (!(peakShare > 0 && peakShare <= 1)) {
            throw new BadInputException("the share of positions among which peaks lie is " + peakShare
                    + "; it must be above 0 and at most 1");
        }
        if (lag < 0 || tail < 0) {
            throw new BadInputException("lag " + lag + " and tail " + tail + " tokens; both must be at least 0");
        }
        if (shuffles < MINIMUM_DRAWS || resamples < MINIMUM_DRAWS) {
            throw new BadInputException(shuffles + " shuffles and " + resamples
                    + " bootstrap resamples; each must be at least " + MINIMUM_DRAWS);
        }
    }

    /** Of whole responses, shuffled anywhere in their response. */
    public LinkageSettings(double peakShare, int lag, int tail, int shuffles, int resamples, long seed) {
        this(peakShare, lag, tail, shuffles, resamples, seed, ResponsePart.WHOLE, false);
    }

    public LinkageSettings withSeed(long seed) {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, part, withinThirds);
    }

    /** The same over one part of each response. */
    public LinkageSettings over(ResponsePart other) {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, other, withinThirds);
    }

    /** The same with shuffles that stay in their third of the response. */
    public LinkageSettings shufflingWithinThirds() {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, part, true);
    }

    /** The groups of tokens that no shuffled peak leaves. */
    List<ResponsePart> strata() {
        return withinThirds && part == ResponsePart.WHOLE
                ? List.of(ResponsePart.FIRST_THIRD, ResponsePart.MIDDLE_THIRD, ResponsePart.LAST_THIRD)
                : List.of(part);
    }
}
