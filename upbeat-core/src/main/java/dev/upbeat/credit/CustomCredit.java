package dev.upbeat.credit;

import dev.upbeat.trace.Step;
import java.util.Set;

/**
 * Token weights computed by a user class. The class is public, on the class path, has a public constructor without
 * parameters, and is named by {@code strategy: class, class: com.example.MyCredit}. It must be a pure function of the
 * step, because a resumed run calls it again.
 */
public interface CustomCredit {
    /**
     * The weight of each token, finite and at least 0, [B][T]. Every response of the step was observed. The arrays of the
     * step may not be changed: sort a copy.
     */
    float[][] gamma(Step step);

    /**
     * Names of the series that this class reads, as in {@link Credit#needs}. Other series may be missing from the step.
     */
    default Set<String> needs() {
        return Set.of();
    }
}
