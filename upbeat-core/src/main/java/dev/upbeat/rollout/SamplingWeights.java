package dev.upbeat.rollout;

import java.util.Locale;

/** The weights that draw tokens. */
public enum SamplingWeights {
    /** The model's own. */
    EXACT,
    /** A copy rounded to int8, made for the duration of the call: faster, and slightly another distribution. */
    INT8;

    /** "exact" or "int8", as on the command line and in configurations. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
