package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ClassByName;
import dev.upbeat.trace.Step;
import java.util.Set;

/** Gamma computed by a user class. */
record CustomClass(String name, CustomCredit custom) implements GammaCredit {
    private static final String USE = "credit";

    /** @throws BadInputException if there is no such class, or it cannot be used */
    static CustomClass load(String name) {
        return new CustomClass(name, ClassByName.load(CustomCredit.class, name, USE));
    }

    @Override
    public Set<String> needs() {
        return ClassByName.call(name, USE, "list the series that it needs", custom::needs);
    }

    @Override
    public Gamma gamma(Step step) {
        String action = "weight the tokens of ";
        float[][] gamma = ClassByName.call(name, USE, action + step.size() + " traces", () -> custom.gamma(step));
        if (gamma.length != step.size()) {
            throw new BadInputException("credit: class " + name + " gives " + gamma.length
                    + " rows of weights; expected " + step.size() + ", one per response");
        }
        for (int i = 0; i < gamma.length; i++) {
            String id = step.ids().get(i);
            float[] weights = gamma[i];
            ClassByName.call(name, USE, action + "trace " + id, () -> weights);
            GammaCheck.require("class " + name, id, step.length(i), weights);
        }
        return new Gamma(gamma);
    }
}
