package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Observation;
import java.util.Set;

/** One's own gamma, from a column that came with the traces. */
record OwnColumn(String name) implements Credit {
    @Override
    public Set<String> needs() {
        return Set.of(name);
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        float[][] gamma = new float[batch.size()][];
        for (int b = 0; b < gamma.length; b++) {
            Observation seen = batch.seen().get(b);
            float[] given = seen.series(name);
            if (given == null) {
                throw new BadInputException("credit: trace " + batch.ids().get(b) + " has no column " + name
                        + "; expected one weight a response token");
            }
            GammaCheck.require("column " + name, batch.ids().get(b), seen.length(), given);
            gamma[b] = given.clone();
        }
        return gamma;
    }
}
