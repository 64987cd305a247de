package dev.upbeat.learn.config;

/**
 * How the advantage of a response is spread over its tokens (METHOD section 6).
 *
 * @param strategy name of the strategy
 * @param gamma weight of every token where the strategy is {@code constant}
 * @param amplification gamma_amp of selected tokens
 * @param share q, of a response's tokens that are selected
 * @param alpha share of a dominated anchor's credit that moves to the token that introduces it
 * @param lookback k, tokens before an anchor in which its introduction may lie
 * @param from {@code top} or {@code bottom}
 * @param heads {@code targeted} or {@code all}
 * @param sign {@code both}, {@code positive} or {@code negative}: which advantages are weighted
 * @param normalize {@code none} or {@code mean}
 */
public record CreditConfig(
        String strategy,
        double gamma,
        double amplification,
        double share,
        double alpha,
        int lookback,
        String from,
        String heads,
        String sign,
        String normalize) {
    private static final String[] STRATEGIES = {
        "uniform", "constant", "random", "high-entropy", "local-chunk", "global-anchor", "coupled-rhythm"
    };

    static CreditConfig read(Section section) {
        return new CreditConfig(
                section.choice("strategy", "coupled-rhythm", STRATEGIES),
                section.number("gamma", 1.0, Range.above(0)),
                section.number("amplification", 1.5, Range.above(0)),
                section.number("share", 0.4, Range.share()),
                section.number("alpha", 0.5, Range.between(0, 1)),
                section.integer("lookback", 3, 1, 1 << 20),
                section.choice("from", "top", "top", "bottom"),
                section.choice("heads", "targeted", "targeted", "all"),
                section.choice("sign", "both", "both", "positive", "negative"),
                section.choice("normalize", "none", "none", "mean"));
    }
}
