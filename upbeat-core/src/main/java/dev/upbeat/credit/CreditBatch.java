package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.List;

/**
 * The responses of one training step, as credit sees them.
 *
 * @param seed of the run
 * @param step of the run, from 1, as metrics and traces number them
 * @param ids one a response, [B]
 * @param seen one a response, [B]
 * @param advantages one a response, [B]
 */
public record CreditBatch(long seed, long step, List<String> ids, List<Observation> seen, float[] advantages) {
    public CreditBatch {
        ids = List.copyOf(ids);
        seen = List.copyOf(seen);
        if (seen.size() != ids.size() || advantages.length != ids.size()) {
            throw new IllegalArgumentException("a batch of " + ids.size() + " ids, " + seen.size()
                    + " observations and " + advantages.length + " advantages; all must be B");
        }
    }

    /** B, the number of responses. */
    public int size() {
        return ids.size();
    }
}
