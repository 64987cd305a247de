package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Step;
import java.util.Set;

/** Gamma read from a column of the traces. */
record GammaColumn(String name) implements GammaCredit {
    @Override
    public Set<String> needs() {
        return Set.of(name);
    }

    @Override
    public Gamma gamma(Step step) {
        float[][] gamma = new float[step.size()][];
        for (int i = 0; i < gamma.length; i++) {
            String id = step.ids().get(i);
            float[] given = step.isObserved(i) ? step.observation(i).series(name) : new float[0];
            if (given == null) {
                throw new BadInputException(
                        "credit: trace " + id + " has no column " + name + "; expected one weight per response token");
            }
            if (step.isObserved(i)) {
                GammaCheck.require("column " + name, id, step.length(i), given);
            }
            gamma[i] = given.clone();
        }
        return new Gamma(gamma);
    }
}
