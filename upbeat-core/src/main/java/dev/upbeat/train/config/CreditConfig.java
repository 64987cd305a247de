package dev.upbeat.train.config;

import dev.upbeat.credit.CreditOptions;
import dev.upbeat.credit.Strategy;
import dev.upbeat.io.BadInputException;
import java.util.Arrays;

/**
 * How the advantage of a response is spread over its tokens (docs/method.md, section 6).
 *
 * @param options of the strategy
 * @param allHeads whether WAAD and FAI are means over all candidate heads, not over the local and the global ones
 */
public record CreditConfig(CreditOptions options, boolean allHeads) {
    /** A column of one's own cannot come with responses that are only drawn in training. */
    private static final String[] STRATEGIES = Arrays.stream(Strategy.values())
            .filter(strategy -> strategy != Strategy.COLUMN)
            .map(Strategy::toString)
            .toArray(String[]::new);

    static CreditConfig read(Section section) {
        String strategy = section.choice("strategy", "coupled-rhythm", STRATEGIES);
        double amplification = section.number("amplification", 1.5, Range.above(0));
        double share =
                section.dependentNumber("share", is(strategy, Strategy.ENTROPY_SELECTION) ? 0.2 : 0.4, Range.share());
        double alpha =
                section.dependentNumber("alpha", is(strategy, Strategy.PROB_REWEIGHT) ? 0.3 : 0.5, Range.between(0, 1));
        int lookback = section.integer("lookback", 3, 1, 1 << 20);
        String from = section.choice("from", "top", "top", "bottom");
        boolean allHeads =
                section.choice("heads", "targeted", "targeted", "all").equals("all");
        String sign = section.choice("sign", "both", "both", "positive", "negative");
        String normalize = section.choice("normalize", "none", "none", "mean");
        boolean hasGamma = is(strategy, Strategy.CONSTANT) || section.has("gamma");
        Double gamma = hasGamma ? section.requiredNumber("gamma", Range.above(0)) : null;
        boolean hasClass = is(strategy, Strategy.CLASS) || section.has("class");
        String className = hasClass ? section.requiredText("class", "the name of a class, a.b.C") : null;
        try {
            return new CreditConfig(
                    new CreditOptions(
                            strategy,
                            amplification,
                            share,
                            alpha,
                            lookback,
                            from,
                            sign,
                            normalize,
                            gamma,
                            null,
                            className),
                    allHeads);
        } catch (BadInputException e) {
            throw section.origin().together("credit", e);
        }
    }

    private static boolean is(String name, Strategy strategy) {
        return name.equals(strategy.toString());
    }

    /** Whether a response's weights depend on the others' of its step: then all must be observed. */
    public boolean poolsResponses() {
        Strategy strategy = Strategy.of(options.strategy());
        return strategy == Strategy.ENTROPY_SELECTION || strategy == Strategy.CLASS;
    }
}
