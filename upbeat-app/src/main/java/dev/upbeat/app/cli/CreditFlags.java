package dev.upbeat.app.cli;

import dev.upbeat.credit.CreditOptions;
import dev.upbeat.io.BadInputException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a credit strategy: the keys of {@link dev.upbeat.credit.CreditKey}. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class CreditFlags {
    @Option(
            names = "--share",
            paramLabel = "Q",
            description = "Share of tokens to select (default: 0.4; entropy-selection: 0.2).")
    private @Nullable Double share;

    @Option(names = "--amplification", paramLabel = "X", description = "Weight of selected tokens (default: 1.5).")
    private @Nullable Double amplification;

    @Option(
            names = "--amplification-negative",
            paramLabel = "same|X",
            description = "Weight of selected tokens if the advantage is negative (default: same as --amplification).")
    private @Nullable String amplificationNegative;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "coupled-rhythm: fraction of an anchor's bonus that is passed back (default: 0.5); "
                    + "prob-reweight, "
                    + "reweight-lopti: weight of the probability (default: 0.3).")
    private @Nullable Double alpha;

    @Option(
            names = "--lookback",
            paramLabel = "K",
            description = "coupled-rhythm: tokens before an anchor that may introduce it (default: 3).")
    private @Nullable Integer lookback;

    @Option(
            names = "--tau-waad",
            paramLabel = "median|qQ|X",
            description = "coupled-rhythm: an anchor is dominated only if its WAAD is at most this: the median, a "
                    + "quantile such as q0.3, or a number of tokens (default: median).")
    private @Nullable String tauWaad;

    @Option(
            names = "--tau-delta",
            paramLabel = "preplan|median|qQ|X",
            description = "coupled-rhythm: an anchor is dominated only if WAAD changes by this before it: as at the "
                    + "weakest preplan token, or as --tau-waad (default: preplan).")
    private @Nullable String tauDelta;

    @Option(
            names = "--intro",
            paramLabel = "later|earlier",
            description = "coupled-rhythm: which of several equal changes introduces an anchor (default: later).")
    private @Nullable String intro;

    @Option(
            names = "--shared-intro",
            paramLabel = "once|each",
            description = "coupled-rhythm: an intro of several anchors gets alpha once or from each (default: once).")
    private @Nullable String sharedIntro;

    @Option(
            names = "--overlap",
            paramLabel = "add|overwrite",
            description = "coupled-rhythm: an intro that is an anchor too gets the sum of both shares, or the "
                    + "intro's alone (default: add).")
    private @Nullable String overlap;

    @Option(
            names = "--ties",
            paramLabel = "earlier|later",
            description = "Which of several equal scores is selected (default: earlier).")
    private @Nullable String ties;

    @Option(
            names = "--eta",
            paramLabel = "P",
            description = "lopti, reweight-lopti: tokens less likely than this are updated first (default: 0.5).")
    private @Nullable Double eta;

    @Option(
            names = "--from",
            paramLabel = "top|bottom",
            description = "Select the highest or the lowest scores (default: top).")
    private @Nullable String from;

    @Option(
            names = "--heads",
            paramLabel = "targeted|receivers",
            description = "global-anchor, coupled-rhythm: receivers reads receiver_fai instead of fai "
                    + "(default: targeted).")
    private @Nullable String heads;

    @Option(
            names = "--sign",
            paramLabel = "both|positive|negative",
            description = "Sign of the advantages to weight; the weight is 1 for others (default: both).")
    private @Nullable String sign;

    @Option(
            names = "--normalize",
            paramLabel = "none|mean",
            description = "mean: weights are divided by their mean over the response (default: none).")
    private @Nullable String normalize;

    @Option(names = "--gamma", paramLabel = "X", description = "constant: the weight of every token.")
    private @Nullable Double gamma;

    @Option(names = "--column", paramLabel = "NAME", description = "column: the series that holds the weights.")
    private @Nullable String column;

    @Option(
            names = "--class",
            paramLabel = "NAME",
            description = "class: a dev.upbeat.credit.CustomCredit on the class path (UPBEAT_CLASSPATH).")
    private @Nullable String className;

    /** The option that needs the advantage, for messages: " with sign positive"; empty for none. */
    String advantageOption() {
        return sign != null
                ? " with sign " + sign
                : amplificationNegative != null ? " with amplification_negative " + amplificationNegative : "";
    }

    /** @throws BadInputException if the strategy is unknown or an option out of range */
    CreditOptions options(String strategy) {
        if ("all".equals(heads)) {
            throw new BadInputException("--heads all: expected targeted or receivers, because the heads of the given "
                    + "waad and fai are those of their measurement; in training, credit.heads=all averages all heads");
        }
        Map<String, @Nullable Object> given = new HashMap<>();
        given.put("share", share);
        given.put("amplification", amplification);
        given.put("amplification_negative", amplificationNegative);
        given.put("heads", heads);
        given.put("alpha", alpha);
        given.put("lookback", lookback);
        given.put("tau_waad", tauWaad);
        given.put("tau_delta", tauDelta);
        given.put("intro", intro);
        given.put("shared_intro", sharedIntro);
        given.put("overlap", overlap);
        given.put("from", from);
        given.put("ties", ties);
        given.put("eta", eta);
        given.put("sign", sign);
        given.put("normalize", normalize);
        given.put("gamma", gamma);
        given.put("column", column);
        given.put("class", className);
        return new CreditOptions(strategy, given);
    }
}
