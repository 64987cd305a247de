package dev.upbeat.linkage;

import dev.upbeat.io.BadInputException;
import java.util.List;

/**
 * Settings of the linkage statistics (docs/method.md, section 4).
 *
 * @param peakShare peak_q: peaks are among this share of the response's tokens with the largest values, in (0, 1]
 * @param lag largest number of tokens by which an FAI peak follows a WAAD peak, at least 0
 * @param tail number of last tokens of each response that {@link TokenScope#WITHOUT_TAIL} leaves out, at least 0
 * @param shuffles number of shuffles for the p-value, at least 1,000
 * @param resamples number of resamples of the responses for the bootstrap interval, at least 1,000
 * @param seed seed of shuffles and resamples
 * @param part part of each response over which statistics are taken; peaks are still found on the whole series
 * @param withinThirds whether shuffled peaks stay in their third of the response, so that an effect of position alone does not
 *     count as lift
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
            throw new BadInputException("peak share " + peakShare + ": expected a share above 0 and at most 1");
        }
        if (lag < 0 || tail < 0) {
            throw new BadInputException("lag " + lag + " and tail " + tail + " tokens; both must be at least 0");
        }
        if (shuffles < MINIMUM_DRAWS || resamples < MINIMUM_DRAWS) {
            throw new BadInputException(shuffles + " shuffles and " + resamples
                    + " bootstrap resamples; each must be at least " + MINIMUM_DRAWS);
        }
    }

    /** Settings for whole responses, with shuffles over the whole response. */
    public LinkageSettings(double peakShare, int lag, int tail, int shuffles, int resamples, long seed) {
        this(peakShare, lag, tail, shuffles, resamples, seed, ResponsePart.WHOLE, false);
    }

    public LinkageSettings withSeed(long seed) {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, part, withinThirds);
    }

    /** The same settings for one part of each response. */
    public LinkageSettings over(ResponsePart other) {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, other, withinThirds);
    }

    /** The same settings with shuffles within thirds of the response. */
    public LinkageSettings shufflingWithinThirds() {
        return new LinkageSettings(peakShare, lag, tail, shuffles, resamples, seed, part, true);
    }

    /** The parts of a response within which peaks are shuffled. */
    List<ResponsePart> strata() {
        return withinThirds && part == ResponsePart.WHOLE
                ? List.of(ResponsePart.FIRST_THIRD, ResponsePart.MIDDLE_THIRD, ResponsePart.LAST_THIRD)
                : List.of(part);
    }
}
