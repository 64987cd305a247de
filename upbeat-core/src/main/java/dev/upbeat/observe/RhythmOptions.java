package dev.upbeat.observe;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.RhythmSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Observer} measures besides log-prob and entropy, and in which layers.
 *
 * @param layers candidate layers, ascending, at least one
 * @param settings shares, window and horizon
 * @param receivers whether receiver heads and their FAI are measured
 * @param alignment which row a token is scored from
 * @param groups fixed head groups; null to find them from the observed traces
 * @param extras links, maps and further series of each trace
 */
public record RhythmOptions(
        List<Integer> layers,
        RhythmSettings settings,
        boolean receivers,
        Alignment alignment,
        @Nullable HeadGroups groups,
        Extras extras) {

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

    /**
     * Additional results of each trace.
     *
     * @param links number of strongest earlier tokens kept for each response token, and of strongest edges of the answer
     *     flow if it is measured; 0 for none
     * @param map positions whose mean maps are kept; null for none
     * @param columns further series, of {@link #COLUMNS}
     * @param pathLinks m of {@link PathFlow}, strongest links of a token, at least 1
     * @param flowLinks m of {@link AnswerFlow}, strongest links of a token; {@link AnswerFlow#ALL_LINKS} for all
     * @param stepKeys how step influence joins the attention to the tokens of a step
     */
    public record Extras(
            int links,
            @Nullable MapRange map,
            Set<String> columns,
            int pathLinks,
            int flowLinks,
            StepInfluence.Keys stepKeys) {
        public static final Extras NONE = new Extras(0, null, Set.of());

        /** The further series that a no-grad pass can measure. */
        public static final Set<String> COLUMNS =
                Set.of(Observation.PATH_FLOW, Observation.HIDDEN_COSINE, Observation.FLOW, Observation.STEP_INFLUENCE);

        public Extras {
            columns = Set.copyOf(columns);
            requireMeasurable(columns);
            if (links < 0) {
                throw new BadInputException("links " + links + ": expected 0 (none) or a number of links per token");
            }
            if (pathLinks < 1) {
                throw new BadInputException("path_links " + pathLinks + ": expected at least 1 link per token");
            }
            if (flowLinks < 0) {
                throw new BadInputException(
                        "flow_links " + flowLinks + ": expected 0 (all links) or a number of links per token");
            }
        }

        /** Extras with the defaults of path flow, answer flow and step influence. */
        public Extras(int links, @Nullable MapRange map, Set<String> columns) {
            this(links, map, columns, PathFlow.LINKS, AnswerFlow.ALL_LINKS, StepInfluence.Keys.SUM);
        }

        /** Only links. */
        public static Extras links(int links) {
            return new Extras(links, null, Set.of());
        }

        /** Only columns: the given series that a no-grad pass can measure. */
        public static Extras measurable(Set<String> series, int pathLinks, int flowLinks, StepInfluence.Keys stepKeys) {
            Set<String> columns = COLUMNS.stream().filter(series::contains).collect(Collectors.toSet());
            return new Extras(0, null, columns, pathLinks, flowLinks, stepKeys);
        }

        /** Whether the text of each response token is needed: to find the answer or the steps. */
        public boolean readsTexts() {
            return columns.contains(Observation.FLOW) || columns.contains(Observation.STEP_INFLUENCE);
        }

        /** Whether q and k are needed after the pass. */
        boolean readsAttention() {
            return links > 0 || map != null || columns.contains(Observation.PATH_FLOW) || readsAllHeads();
        }

        /** Whether q and k of all heads are needed after the pass, not only those of the local and global heads. */
        boolean readsAllHeads() {
            return readsTexts();
        }

        /** @throws BadInputException if a further series is not among {@link #COLUMNS} */
        public static void requireMeasurable(Set<String> columns) {
            for (String column : columns) {
                if (!COLUMNS.contains(column)) {
                    throw new BadInputException("column " + column + " cannot be measured; expected some of "
                            + COLUMNS.stream().sorted().collect(Collectors.joining(", ")));
                }
            }
        }
    }

    public RhythmOptions {
        layers = List.copyOf(layers);
    }

    /** The paper's analysis: receivers, token alignment, groups found from the observed traces, no extras. */
    public static RhythmOptions analysis(List<Integer> layers) {
        return new RhythmOptions(layers, RhythmSettings.ANALYSIS, true, Alignment.TOKEN, null, Extras.NONE);
    }

    /** The paper's training: as its analysis, over the next 10 to 100 tokens and without receivers. */
    public static RhythmOptions training(List<Integer> layers) {
        return new RhythmOptions(layers, RhythmSettings.TRAINING, false, Alignment.TOKEN, null, Extras.NONE);
    }

    /** The same options with fixed head groups. */
    public RhythmOptions with(HeadGroups fixed) {
        return new RhythmOptions(layers, settings, receivers, alignment, fixed, extras);
    }

    /** The same options with these extras. */
    public RhythmOptions with(Extras others) {
        return new RhythmOptions(layers, settings, receivers, alignment, groups, others);
    }

    /** @throws BadInputException if the model lacks a layer, or a head of the fixed groups is not observed */
    public void requireFit(ModelConfig model) {
        for (int layer : layers) {
            if (layer < 0 || layer >= model.layers()) {
                throw new BadInputException("there is no layer " + layer + " to observe; the model has layers 0 to "
                        + (model.layers() - 1));
            }
        }
        if (groups != null) {
            if (groups.settings().weights() != settings.weights()) {
                throw new BadInputException("the fixed head groups were found with weights "
                        + groups.settings().weights() + ", but weights " + settings.weights()
                        + " are observed; give groups that were found with the same weights");
            }
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
}
