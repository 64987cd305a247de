package dev.upbeat.credit;

import dev.upbeat.testing.Seeds;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Step;
import dev.upbeat.trace.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Observations and batches made by hand or at random. */
final class Batches {
    static final float NAN = Float.NaN;

    private Batches() {}

    /** Nothing but WAAD and FAI was seen. */
    static Observation rhythm(float[] waad, float[] fai) {
        float[] undefined = new float[waad.length];
        Arrays.fill(undefined, NAN);
        return new Observation(undefined, undefined, waad, fai, null, null, null);
    }

    /** Nothing but a further column was seen. */
    static Observation column(String name, float... values) {
        float[] undefined = new float[values.length];
        Arrays.fill(undefined, NAN);
        return new Observation(undefined, undefined, undefined, undefined, null, null, null, Map.of(name, values));
    }

    static Observation logProbs(float... logProbs) {
        float[] zeros = new float[logProbs.length];
        return new Observation(logProbs, zeros, zeros, zeros, null, null, null);
    }

    static Observation entropies(float... entropies) {
        float[] zeros = new float[entropies.length];
        return new Observation(zeros, entropies, zeros, zeros, null, null, null);
    }

    static Observation tokens(int length) {
        return entropies(new float[length]);
    }

    /** Responses "0", "1", .. of advantage 1. */
    static Step of(Observation... seen) {
        float[] advantages = new float[seen.length];
        Arrays.fill(advantages, 1);
        return of(advantages, seen);
    }

    static Step of(float[] advantages, Observation... seen) {
        List<String> ids = new ArrayList<>();
        for (int b = 0; b < seen.length; b++) {
            ids.add("" + b);
        }
        return Step.measured(7, 3, ids, List.of(seen), advantages);
    }

    /** The weights that a credit gives a step in all its updates together, [B][T]. */
    static float[][] gamma(Credit credit, Step step) {
        List<Update> updates = credit.apply(step);
        float[][] gamma = new float[step.size()][];
        for (int i = 0; i < gamma.length; i++) {
            gamma[i] = CreditMetrics.gamma(updates, i);
        }
        return gamma;
    }

    /** One to five responses of 1 to 40 tokens; values on a coarse grid, so that ties are common. */
    static Step random(SplittableRandom random) {
        Observation[] seen = new Observation[random.nextInt(1, 6)];
        float[] advantages = new float[seen.length];
        for (int b = 0; b < seen.length; b++) {
            int length = random.nextInt(1, 41);
            seen[b] = new Observation(
                    grid(random, length, -1),
                    grid(random, length, 1),
                    grid(random, length, 1),
                    Seeds.coarseSeries(random, length),
                    Seeds.coarseSeries(random, length),
                    null,
                    null,
                    Map.of(
                            "gradient_norm", Seeds.coarseSeries(random, length),
                            "path_flow", Seeds.coarseSeries(random, length),
                            "flow", Seeds.coarseSeries(random, length),
                            "step_influence", Seeds.coarseSeries(random, length),
                            "hidden_cosine", Seeds.coarseSeries(random, length),
                            "step_score", Seeds.coarseSeries(random, length)));
            advantages[b] = random.nextInt(3) - 1;
        }
        return of(advantages, seen);
    }

    private static float[] grid(SplittableRandom random, int length, int sign) {
        float[] values = new float[length];
        for (int t = 0; t < length; t++) {
            values[t] = sign * random.nextInt(6) / 2f;
        }
        return values;
    }
}
