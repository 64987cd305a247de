package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ClassByName;
import java.util.Set;

/** One's own gamma, computed by a class of one's own. */
record OwnClass(String name, OwnGamma own) implements Credit {
    /** @throws BadInputException where there is no such class, or it cannot be used */
    static OwnClass load(String name) {
        return new OwnClass(name, ClassByName.load(OwnGamma.class, name, "credit"));
    }

    @Override
    public Set<String> needs() {
        return own.needs();
    }

    @Override
    public float[][] gamma(CreditBatch batch) {
        float[][] gamma = own.gamma(batch);
        if (gamma.length != batch.size()) {
            throw new BadInputException("credit: class " + name + " gives " + gamma.length
                    + " rows of weights; expected " + batch.size() + ", one a response");
        }
        for (int b = 0; b < gamma.length; b++) {
            GammaCheck.require(
                    "class " + name, batch.ids().get(b), batch.seen().get(b).length(), gamma[b]);
        }
        return gamma;
    }
}
