package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ClassByName;
import java.util.Set;

/** One's own gamma, computed by a class of one's own. */
record OwnClass(String name, OwnGamma own) implements Credit {
    private static final String USE = "credit";

    /** @throws BadInputException where there is no such class, or it cannot be used */
    static OwnClass load(String name) {
        return new OwnClass(name, ClassByName.load(OwnGamma.class, name, USE));
    }

    @Override
    public Set<String> needs() {
        return ClassByName.call(name, USE, "say what it needs", own::needs);
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        String weigh = "weigh the tokens of ";
        float[][] gamma = ClassByName.call(name, USE, weigh + batch.size() + " traces", () -> own.gamma(batch));
        if (gamma.length != batch.size()) {
            throw new BadInputException("credit: class " + name + " gives " + gamma.length
                    + " rows of weights; expected " + batch.size() + ", one a response");
        }
        for (int b = 0; b < gamma.length; b++) {
            String id = batch.ids().get(b);
            float[] weights = gamma[b];
            ClassByName.call(name, USE, weigh + "trace " + id, () -> weights);
            GammaCheck.require("class " + name, id, batch.seen().get(b).length(), weights);
        }
        return gamma;
    }
}
