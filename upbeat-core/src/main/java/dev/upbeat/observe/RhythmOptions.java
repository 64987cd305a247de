package dev.upbeat.observe;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rhythm.HeadGrouping;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Horizon;
import dev.upbeat.trace.Observation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What to measure beside log-prob and entropy, and where.
 *
 * @param layers candidate layers, ascending, at least one
 * @param rho share of the candidate heads in the local and in the global group
 * @param window W of WAAD, tokens
 * @param horizon [Hlo, Hhi] of FAI; Hlo is also the receivers' gap
 * @param receivers whether receiver heads are found and receiver FAI is taken
 * @param receiverRho rho_r, share of the candidate heads that are receivers
 * @param alignment which row speaks for a token
 * @param links strongest earlier tokens to keep for each response token, 0 for none
 * @param map window of positions whose mean maps are kept; null for none
 * @param groups fixed head groups; null to find them from the traces observed
 * @param columns further series to measure, of {@link #COLUMNS}
 */
public record RhythmOptions(
        List<Integer> layers,
        double rho,
        int window,
        Horizon horizon,
        boolean receivers,
        double receiverRho,
        Alignment alignment,
        int links,
        @Nullable MapRange map,
        @Nullable HeadGroups groups,
        Set<String> columns) {
    /** The further series that a no-grad pass can measure. */
    public static final Set<String> COLUMNS = Set.of(Observation.PATH_FLOW, Observation.HIDDEN_COSINE);

    /** Which row of the attention map belongs to token x_t (docs/method.md, section 1). */
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
        columns = Set.copyOf(columns);
        requireMeasurable(columns);
        if (window < 1) {
            throw new BadInputException("window " + window + ": WAAD needs a window of at least 1 token");
        }
        if (links < 0) {
            throw new BadInputException("links " + links + ": expected 0 (none) or a number of links a token");
        }
    }

    /** @throws BadInputException where a further series is not among {@link #COLUMNS} */
    public static void requireMeasurable(Set<String> columns) {
        for (String column : columns) {
            if (!COLUMNS.contains(column)) {
                throw new BadInputException("column " + column + " cannot be measured; expected some of "
                        + COLUMNS.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    /** Without further series; a tenth of the heads are receivers. */
    public RhythmOptions(
            List<Integer> layers,
            double rho,
            int window,
            Horizon horizon,
            boolean receivers,
            Alignment alignment,
            int links,
            @Nullable MapRange map,
            @Nullable HeadGroups groups) {
        this(
                layers,
                rho,
                window,
                horizon,
                receivers,
                HeadGroups.DEFAULT_RECEIVER_RHO,
                alignment,
                links,
                map,
                groups,
                Set.of());
    }

    /** The same with these further series. */
    public RhythmOptions withColumns(Set<String> measured) {
        return new RhythmOptions(
                layers, rho, window, horizon, receivers, receiverRho, alignment, links, map, groups, measured);
    }

    /** The same with fixed head groups. */
    public RhythmOptions with(HeadGroups fixed) {
        return new RhythmOptions(
                layers, rho, window, horizon, receivers, receiverRho, alignment, links, map, fixed, columns);
    }

    /** @throws BadInputException where a layer or a head of fixed groups is not there to be observed */
    void requireFit(ModelConfig model) {
        for (int layer : layers) {
            if (layer < 0 || layer >= model.layers()) {
                throw new BadInputException("there is no layer " + layer + " to observe; the model has layers 0 to "
                        + (model.layers() - 1));
            }
        }
        if (groups != null) {
            requireFit(model, "local", groups.local(), true);
            requireFit(model, "global", groups.global(), true);
            requireFit(model, "receiver", groups.receiver(), false);
        }
    }

    private void requireFit(ModelConfig model, String group, List<Head> heads, boolean needed) {
        if (needed && heads.isEmpty()) {
            throw new BadInputException(
                    "the fixed head groups have no " + group + " head; expected at least one [layer, head]");
        }
        for (Head head : heads) {
            if (!layers.contains(head.layer()) || head.head() < 0 || head.head() >= model.heads()) {
                throw new BadInputException("head " + head.head() + " of layer " + head.layer() + ", in the fixed "
                        + group + " group, is not observed: the observed layers are " + layers + " with heads 0 to "
                        + (model.heads() - 1) + " each; give groups of this model, and observe their layers");
            }
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
