package dev.upbeat.credit;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ClassByName;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    public boolean needsAllResponses() {
        return true;
    }

    @Override
    public Gamma gamma(Step step) {
        String action = "weight the tokens of ";
        List<Integer> before = hashes(step);
        float[][] gamma = ClassByName.call(name, USE, action + step.size() + " traces", () -> custom.gamma(step));
        requireUnchanged(step, before);
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

    /** Loss and journal read the same arrays after the class: a sort in place would change both in silence. */
    private void requireUnchanged(Step step, List<Integer> before) {
        List<Integer> after = hashes(step);
        for (int i = 0; i < step.size(); i++) {
            if (!before.get(i).equals(after.get(i))) {
                throw new BadInputException("credit: class " + name + " changes the series or the advantage of trace "
                        + step.ids().get(i) + " in place; expected the step unchanged: work on copies of its arrays");
            }
        }
    }

    /** A hash of each trace's advantage and series. */
    private static List<Integer> hashes(Step step) {
        return IntStream.range(0, step.size())
                .mapToObj(i -> 31 * Float.hashCode(step.advantages()[i])
                        + (step.isObserved(i) ? hash(step.observation(i)) : 0))
                .toList();
    }

    private static int hash(Observation seen) {
        Stream<float @Nullable []> own =
                Stream.of(seen.logProbs(), seen.entropyNats(), seen.waad(), seen.fai(), seen.receiverFai());
        return Stream.concat(own, seen.columns().values().stream())
                .mapToInt(Arrays::hashCode)
                .reduce(1, (all, next) -> 31 * all + next);
    }
}
