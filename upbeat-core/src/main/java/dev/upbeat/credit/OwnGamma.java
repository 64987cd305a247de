package dev.upbeat.credit;

import java.util.Set;

/**
 * A gamma of one's own: a public class on the class path with a public constructor without parameters, named by {@code
 * strategy: class, class: com.example.MyGamma}. It must be pure: a resumed run asks again.
 */
public interface OwnGamma {
    /** The weight of each token, finite and at least 0, [B][T_b]. */
    float[][] gamma(CreditBatch batch);

    /** What it reads, as {@link Credit#needs}; what is not named may be missing from the batch. */
    default Set<String> needs() {
        return Set.of();
    }
}
