package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import java.util.Set;

/**
 * Token weights by a user's class: public, on the class path, with a public constructor without parameters, and named by {@code
 * strategy: class, class: com.example.MyCredit}. It must be a pure function of the step, because a resumed run calls it again.
 */
public interface CustomCredit {
    /** The weight of each token, finite and at least 0, [B][T]. Every response of the step was observed. */
    float[][] gamma(Step step);

    /** The series that it reads, as {@link Credit#needs}; series that are not named may be missing from the step. */
    default Set<String> needs() {
        return Set.of();
    }
}
