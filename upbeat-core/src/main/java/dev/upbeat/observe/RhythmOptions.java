package dev.upbeat.observe;

import dev.upbeat.io.BadInputException;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure beside log-prob and entropy, and where.
 *
 * @param layers candidate layers, ascending, at least one
 * @param rho share of the candidate heads in the local and in the global group
 * @param window W of WAAD, tokens
 * @param horizon [Hlo, Hhi] of FAI; Hlo is also the receivers' gap
 * @param receivers whether receiver heads are found and receiver FAI is taken
 * @param alignment which row speaks for a token
 * @param links strongest earlier tokens to keep for each response token, 0 for none
 * @param map window of positions whose mean maps are kept; null for none
 * @param groups fixed head groups; null to find them from the traces observed
 */
public record RhythmOptions(
        List<Integer> layers,
        double rho,
        int window,
        Horizon horizon,
        boolean receivers,
        Alignment alignment,
        int links,
        @Nullable MapRange map,
        @Nullable HeadGroups groups) {

    /** Which row of the attention map belongs to token x_t (METHOD section 1). */
    public enum Alignment {
        /** Row t, in which x_t is the query: the paper's reading. */
        TOKEN,
        /** Row t - 1, which predicts x_t. */
        PREDICTOR
    }

    /** Positions [start, end). */
    public record MapRange(int start, int end) {
        public MapRange {
            if (start < 0 || end <= start) {
                throw new BadInputException("map " + start + ":" + end + ": expected START:END with 0 <= START < END");
            }
        }
    }

    public RhythmOptions {
        layers = List.copyOf(layers);
        if (window < 1) {
            throw new BadInputException("window " + window + ": WAAD needs a window of at least 1 token");
        }
        if (links < 0) {
            throw new BadInputException("links " + links + ": expected 0 (none) or a number of links a token");
        }
    }

    /** The paper's analysis: W = 10, horizon 1 to the end, receivers, groups found from what is observed. */
    public static RhythmOptions analysis(List<Integer> layers) {
        return new RhythmOptions(
                layers,
                HeadGrouping.DEFAULT_RHO,
                10,
                new Horizon(1, Horizon.END),
                true,
                Alignment.TOKEN,
                0,
                null,
                null);
    }
}
