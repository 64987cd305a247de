package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@link CreditOptions}. If the paper leaves a value open, the default is this project's choice
 * (docs/method.md, "Choices").
 */
public enum CreditKey {
    /** gamma_amp: weight of selected tokens. */
    AMPLIFICATION(Double.class, 1.5, CreditKey::isWeight, CreditKey.WEIGHT),
    /** gamma_amp of responses with a negative advantage: a weight, or {@link #SAME} as of the others. */
    AMPLIFICATION_NEGATIVE(String.class, CreditKey.SAME, CreditKey::isSameOrWeight, "same, or " + CreditKey.WEIGHT),
    /** q: share of a response's tokens that is selected; entropy-selection: of the batch's tokens, default 0.2. */
    SHARE(Double.class, 0.4, value -> (double) value > 0 && (double) value <= 1, "a number above 0 and at most 1"),
    /**
     * coupled-rhythm: fraction of a dominated anchor's bonus that its intro gets; prob-reweight, reweight-lopti: weight
     * of the probability.
     */
    ALPHA(Double.class, 0.5, value -> (double) value >= 0 && (double) value <= 1, "a number from 0 to 1"),
    /** k: number of tokens before an anchor among which its intro is chosen. */
    LOOKBACK(Integer.class, 3, value -> (int) value >= 1, "at least 1 token"),
    /** An anchor is dominated only if its WAAD is at most this: {@link #THRESHOLD}. */
    TAU_WAAD(String.class, "median", value -> true, CreditKey.THRESHOLD),
    /**
     * An anchor is dominated only if WAAD changes by at least this before it: {@link #THRESHOLD}, or {@link #PREPLAN}.
     */
    TAU_DELTA(String.class, CreditKey.PREPLAN, value -> true, CreditKey.PREPLAN + ", " + CreditKey.THRESHOLD),
    /** Which of several equal changes is the intro: the one nearest to the anchor, or the first. */
    INTRO("later", "earlier"),
    /** An intro of several anchors gets alpha once, or from each. */
    SHARED_INTRO("once", "each"),
    /** An intro that is an anchor too gets the sum of both shares, or the intro's share alone. */
    OVERLAP("add", "overwrite"),
    /** Whether the highest or the lowest scores are selected. */
    FROM("top", "bottom"),
    /** Which of several equal scores is selected. */
    TIES("earlier", "later"),
    /** lopti, reweight-lopti: tokens less likely than this are updated first. */
    ETA(Double.class, 0.5, value -> (double) value > 0 && (double) value <= 1, "a number above 0 and at most 1"),
    /** capo: K, number of critiques of a response. */
    CRITIQUES(Integer.class, 4, value -> (int) value >= 1 && (int) value <= 64, "1 to 64 critiques"),
    /** capo: a step is wrong if all critiques say so, or most, or in proportion. */
    VOTE("intersection", "majority", "average"),
    /** capo: C, reward of each token of a right response. */
    OUTCOME_REWARD(Double.class, 2.0, CreditKey::isWeight, CreditKey.WEIGHT),
    /** capo: P, penalty of each token of a wrong step. */
    STEP_PENALTY(Double.class, 1.0, CreditKey::isWeight, CreditKey.WEIGHT),
    /** asyppo: number of steps before the critics are used. */
    CRITIC_WARMUP(Integer.class, 5, value -> (int) value >= 0, "at least 0 steps"),
    /** asyppo: share of the batch's tokens, those on which the critics agree most, whose advantage is 0. */
    CERTAIN_SHARE(Double.class, 0.2, value -> (double) value >= 0 && (double) value <= 1, "a number from 0 to 1"),
    /** asyppo: share of the batch's tokens, those on which the critics disagree most, that an entropy term leaves out. */
    UNCERTAIN_SHARE(Double.class, 0.2, value -> (double) value >= 0 && (double) value <= 1, "a number from 0 to 1"),
    /** Sign of the advantages to which gamma applies; for others gamma is 1. */
    SIGN("both", "positive", "negative"),
    /** Whether gamma is divided by its mean over the response. */
    NORMALIZE("none", "mean"),
    /** constant: the weight of every token. */
    GAMMA(Double.class, null, CreditKey::isWeight, CreditKey.WEIGHT),
    /** column: name of the series that holds gamma. */
    COLUMN(String.class, null, value -> true, "the name of a series"),
    /** class: name of a {@link CustomCredit}. */
    CLASS(String.class, null, value -> true, "the name of a class, a.b.C"),
    /**
     * Heads whose values WAAD and FAI are: local and global, all candidates, or, for FAI, receivers. In training, all
     * changes what is measured; receivers changes which series is read.
     */
    HEADS("targeted", "all", "receivers");

    /** amplification_negative: as amplification. */
    public static final String SAME = "same";

    /** tau_delta: the smallest change among the response's preplan tokens, TopQ(D, q). */
    public static final String PREPLAN = "preplan";

    /** Forms of a threshold. */
    public static final String THRESHOLD = Threshold.FORM;

    private static final Set<CreditKey> READINGS =
            Set.of(AMPLIFICATION_NEGATIVE, TAU_WAAD, TAU_DELTA, INTRO, SHARED_INTRO, OVERLAP, TIES, ETA);

    /** The keys of the first recorded runs. */
    private static final Set<CreditKey> FIRST =
            EnumSet.of(AMPLIFICATION, SHARE, ALPHA, LOOKBACK, FROM, SIGN, NORMALIZE, GAMMA, COLUMN, CLASS, HEADS);

    private static final int LARGEST_WEIGHT = 1_000_000;
    private static final String WEIGHT = "a number above 0 and at most " + LARGEST_WEIGHT;

    private final Class<?> type;
    private final @Nullable Object usual;
    private final List<String> words;
    private final Predicate<Object> valid;
    private final String expected;

    CreditKey(Class<?> type, @Nullable Object usual, Predicate<Object> valid, String expected) {
        this.type = type;
        this.usual = usual;
        this.words = List.of();
        this.valid = valid;
        this.expected = expected;
    }

    /** A choice among words, of which the first is the default. */
    CreditKey(String... words) {
        this.type = String.class;
        this.usual = words[0];
        this.words = List.of(words);
        this.valid = this.words::contains;
        this.expected = String.join(" or ", words);
    }

    /** The key with the given name. */
    static CreditKey of(String name) {
        return Arrays.stream(values())
                .filter(key -> key.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "credit has no key " + name + "; expected one of " + List.of(values())));
    }

    /**
     * Whether a value of a key is the default for what the paper leaves open. Summaries leave out such values.
     *
     * @param name of a key, or another name
     */
    public static boolean isUsualReading(String name, Object value) {
        return READINGS.stream().anyMatch(key -> key.toString().equals(name) && Objects.equals(key.usual, value));
    }

    /** Whether the key was added after runs had been recorded; its default then changes nothing. */
    public boolean isAdded() {
        return !FIRST.contains(this);
    }

    /** The default, which a strategy may replace; null if there is none. */
    public @Nullable Object usual() {
        return usual;
    }

    /** The words of a choice, the default first; empty for other keys. */
    public List<String> words() {
        return words;
    }

    /** What a value must be, for messages. */
    public String expected() {
        return expected;
    }

    /** @throws BadInputException if the value is out of range */
    void check(Object value) {
        if (!valid.test(type.cast(value))) {
            throw wrong(value, expected);
        }
    }

    BadInputException wrong(Object value, String expectation) {
        return new BadInputException("credit: " + this + " is " + value + "; expected " + expectation);
    }

    /** Whether a weight is positive and finite after rounding to f32, for gamma is f32. */
    private static boolean isWeight(Object value) {
        return ((Double) value).floatValue() > 0 && (double) value <= LARGEST_WEIGHT;
    }

    private static boolean isSameOrWeight(Object value) {
        String text = (String) value;
        return text.equals(SAME)
                || (text.matches("\\d{1,7}(\\.\\d{1,15})?([eE]-?\\d{1,2})?") && isWeight(Double.valueOf(text)));
    }

    /** The name in a configuration, such as {@code tau_waad}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
