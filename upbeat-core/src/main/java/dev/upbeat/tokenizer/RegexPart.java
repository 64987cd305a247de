package dev.upbeat.tokenizer;

/**
 * Properties of a part of a regular expression that determine the cost of backtracking.
 *
 * @param min fewest characters
 * @param fixed matches one length in one way, so it may be repeated without limit
 * @param ways number of ways to match, by bounded choices
 * @param unbounded number of unbounded repetitions in a match
 * @param repetition ends with an unbounded repetition
 * @param certain matches at every position
 */
record RegexPart(long min, boolean fixed, long ways, int unbounded, boolean repetition, boolean certain) {
    private static final long MOST_WAYS = 10_000;
    private static final long MOST_CHARACTERS = 10_000;

    static final RegexPart CHARACTER = new RegexPart(1, true, 1, 0, false, false);
    static final RegexPart POSITION = new RegexPart(0, false, 1, 0, false, false);
    static final RegexPart NOTHING = new RegexPart(0, true, 1, 0, false, true);

    RegexPart then(RegexPart next) {
        return new RegexPart(
                min + next.min,
                fixed && next.fixed,
                capped(ways * next.ways),
                unbounded + next.unbounded,
                next.repetition || repetition && next.certain && next.unbounded == 0,
                certain && next.certain);
    }

    RegexPart or(RegexPart other) {
        return new RegexPart(
                Math.min(min, other.min),
                false,
                capped(ways + other.ways),
                Math.max(unbounded, other.unbounded),
                false,
                certain || other.certain);
    }

    /** @param most Integer.MAX_VALUE for no limit */
    RegexPart repeated(int least, int most) {
        if (most < Integer.MAX_VALUE && most * min > MOST_CHARACTERS) {
            throw new Refusal("counts of more than " + MOST_CHARACTERS + " characters");
        }
        boolean sure = least == 0 || certain;
        if (most == Integer.MAX_VALUE) {
            if (!fixed || min == 0) {
                throw new Refusal("an unbounded repetition of a part that matches in several ways");
            }
            return new RegexPart(least * min, false, 1, 1, true, sure);
        }
        if (fixed) {
            return new RegexPart(least * min, least == most, capped(Math.max(1, most - least + 1L)), 0, false, sure);
        }
        long ways = 1;
        for (int i = 0; i < most; i++) {
            ways = capped(ways * this.ways + 1);
        }
        return new RegexPart(least * min, false, ways, most * unbounded, false, sure);
    }

    /** Reason of a rejection: the end of a message. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String what) {
            super(what, null, false, false);
        }
    }

    private static long capped(long ways) {
        if (ways > MOST_WAYS) {
            throw new Refusal("more than " + MOST_WAYS + " ways to match the same text");
        }
        return ways;
    }
}
