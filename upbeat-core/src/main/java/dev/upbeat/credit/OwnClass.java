package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;

/** One's own gamma, computed by a class of one's own. */
record OwnClass(String name, OwnGamma own) implements Credit {
    /** @throws BadInputException where there is no such class, or it cannot be used */
    static OwnClass load(String name) {
        try {
            Object instance = Class.forName(name).getConstructor().newInstance();
            if (instance instanceof OwnGamma own) {
                return new OwnClass(name, own);
            }
            throw new BadInputException(refusal(name, "does not implement " + OwnGamma.class.getName()));
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new BadInputException(
                    "credit: class " + name + " is not on the class path (" + e.getMessage()
                            + " is missing); put its jar into UPBEAT_CLASSPATH and write the whole name, a.b.C",
                    e);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new BadInputException(refusal(name, "cannot be made from outside without parameters"), e);
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            throw new BadInputException(refusal(name, "fails when it is made: " + e.getCause()), e);
        }
    }

    private static String refusal(String name, String reason) {
        return "credit: class " + name + " " + reason + "; expected a public class that implements "
                + OwnGamma.class.getName() + ", with a public constructor without parameters";
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
