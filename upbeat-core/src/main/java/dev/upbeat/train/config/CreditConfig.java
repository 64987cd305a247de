package dev.upbeat.train.config;

import dev.upbeat.credit.CreditKey;
import dev.upbeat.credit.CreditOptions;
import dev.upbeat.credit.Strategy;
import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the advantage of a response is distributed over its tokens (docs/method.md, section 6). If the command line or a grid's
 * method replaces the file's strategy, options of the file that have different meanings for the two strategies take the new
 * strategy's defaults.
 *
 * @param options of the strategy
 * @param judge a chat model that scores the steps of responses; null if none is given
 * @param critic settings of critics; null if none are given and the strategy has none
 */
public record CreditConfig(
        CreditOptions options,
        @Nullable JudgeConfig judge,
        @Nullable CriticConfig critic) {
    private static final String USUAL = "coupled-rhythm";

    /** All but column: responses that are drawn in training have no columns yet. */
    private static final String[] STRATEGIES = Arrays.stream(Strategy.values())
            .filter(strategy -> strategy != Strategy.COLUMN)
            .map(Strategy::toString)
            .toArray(String[]::new);

    /** @param group responses to each prompt */
    static CreditConfig read(Section section, int group) {
        String strategy = section.optional("strategy", USUAL).choice(STRATEGIES);
        Strategy known = Strategy.of(strategy);
        String inFile = section.textInFile("strategy", USUAL);
        for (String key : List.of("share", "from", "alpha")) {
            if (!Strategy.appliesTo(key, inFile, strategy)) {
                section.dropFromFile(key);
            }
        }
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("amplification", key(section, CreditKey.AMPLIFICATION).number(Range.above(0)));
        given.put(
                "share",
                section.dependent("share", usual(known, CreditKey.SHARE)).number(Range.share()));
        given.put(
                "alpha",
                section.dependent("alpha", usual(known, CreditKey.ALPHA)).number(Range.between(0, 1)));
        given.put("lookback", key(section, CreditKey.LOOKBACK).integer(1, 1 << 20));
        for (CreditKey text : List.of(CreditKey.AMPLIFICATION_NEGATIVE, CreditKey.TAU_WAAD, CreditKey.TAU_DELTA)) {
            given.put(text.toString(), key(section, text).numberOrText(text.expected()));
        }
        given.put("eta", key(section, CreditKey.ETA).number(Range.share()));
        given.put("critiques", key(section, CreditKey.CRITIQUES).integer(1, 64));
        for (CreditKey reward : List.of(CreditKey.OUTCOME_REWARD, CreditKey.STEP_PENALTY)) {
            given.put(reward.toString(), key(section, reward).number(Range.above(0)));
        }
        given.put("critic_warmup", key(section, CreditKey.CRITIC_WARMUP).integer(0, Integer.MAX_VALUE));
        for (CreditKey share : List.of(CreditKey.CERTAIN_SHARE, CreditKey.UNCERTAIN_SHARE)) {
            given.put(share.toString(), key(section, share).number(Range.between(0, 1)));
        }
        for (CreditKey choice : CreditKey.values()) {
            if (!choice.words().isEmpty()) {
                String[] words = choice.words().toArray(String[]::new);
                given.put(choice.toString(), key(section, choice).choice(words));
            }
        }
        if (known == Strategy.CONSTANT || section.has("gamma")) {
            given.put("gamma", section.required("gamma").number(Range.above(0)));
        }
        if (known == Strategy.CLASS || section.has("class")) {
            given.put("class", section.required("class").text("the name of a class, a.b.C"));
        }
        JudgeConfig judge =
                known.reads("judge") || section.has("judge") ? JudgeConfig.read(section.section("judge")) : null;
        CriticConfig critic = known.reads("critic") || section.has("critic")
                ? CriticConfig.read(section.section("critic"), group)
                : null;
        try {
            return new CreditConfig(new CreditOptions(strategy, given), judge, critic);
        } catch (BadInputException e) {
            throw section.origin().together("credit", e);
        }
    }

    /** Reads a key whose default is the same for all strategies. */
    private static KeyReader key(Section section, CreditKey key) {
        Object usual = Objects.requireNonNull(key.usual(), key.toString());
        return key.isAdded() ? section.added(key.toString(), usual) : section.optional(key.toString(), usual);
    }

    private static Object usual(Strategy strategy, CreditKey key) {
        return Objects.requireNonNull(strategy.usual(key), key.toString());
    }

    /** Whether WAAD and FAI are means over all candidate heads, not over the local and the global ones. */
    public boolean allHeads() {
        return "all".equals(options.given().get("heads"));
    }

    /** Whether the strategy reads FAI over the receiver heads. */
    public boolean receivers() {
        return "receivers".equals(options.resolved().get("heads"));
    }

    /** Whether the strategy reads the scores of the judge. */
    public boolean isJudged() {
        return Strategy.of(options.strategy()).reads("judge");
    }

    /** The critics whose values the strategy reads; null if it reads none. */
    public @Nullable CriticConfig usedCritic() {
        return Strategy.of(options.strategy()).reads("critic") ? critic : null;
    }

    /** The strategy and all options that it reads, with defaults filled in. */
    public Map<String, Object> inUse() {
        Map<String, Object> inUse = new LinkedHashMap<>(options.resolved());
        CriticConfig used = usedCritic();
        if (used != null) {
            inUse.putAll(used.values());
        }
        return inUse;
    }
}
