package dev.upbeat.credit;

import dev.upbeat.trace.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** docs/method.md, section 6 by its letter, with lists and sets; nothing is shared with the product. */
final class NaiveCredit {
    private NaiveCredit() {}

    /** One candidate of a selection. */
    private record Scored(int position, double score) {}

    /** The ceil(q * |R|) positions of largest (or smallest) defined value, ties to the earlier position. */
    static Set<Integer> select(List<Double> x, double q, boolean bottom) {
        List<Scored> candidates = new ArrayList<>();
        for (int t = 0; t < x.size(); t++) {
            if (!x.get(t).isNaN()) {
                candidates.add(new Scored(t, bottom ? -x.get(t) : x.get(t)));
            }
        }
        Set<Integer> selected = new TreeSet<>();
        int count = (int) Math.ceil(q * x.size() - 1e-9);
        while (selected.size() < count && !candidates.isEmpty()) {
            Scored best = candidates.get(0);
            for (Scored candidate : candidates) {
                if (candidate.score > best.score) {
                    best = candidate;
                }
            }
            selected.add(best.position);
            candidates.remove(best);
        }
        return selected;
    }

    static List<Double> list(float[] values) {
        List<Double> list = new ArrayList<>();
        for (float value : values) {
            list.add((double) value);
        }
        return list;
    }

    static List<Double> changes(float[] waad) {
        List<Double> changes = new ArrayList<>();
        for (int t = 0; t < waad.length; t++) {
            changes.add(t == waad.length - 1 ? Double.NaN : Math.abs((double) waad[t] - waad[t + 1]));
        }
        return changes;
    }

    static double[] amplified(Set<Integer> selected, int length, double amplification) {
        double[] gamma = new double[length];
        for (int t = 0; t < length; t++) {
            gamma[t] = selected.contains(t) ? amplification : 1;
        }
        return gamma;
    }

    static double[] localChunk(Observation seen, double q, double amplification, boolean bottom) {
        return amplified(select(changes(seen.waad()), q, bottom), seen.length(), amplification);
    }

    /** T_glob \ Dom, Dom and intro(Dom). */
    record Coupling(Set<Integer> free, Set<Integer> dominated, Set<Integer> intros) {}

    static Coupling coupling(Observation seen, double q, int k, boolean bottom) {
        List<Double> changes = changes(seen.waad());
        double tauDelta = Double.POSITIVE_INFINITY;
        for (int t : select(changes, q, false)) {
            tauDelta = Math.min(tauDelta, changes.get(t));
        }
        List<Double> sorted = list(seen.waad());
        Collections.sort(sorted);
        int n = sorted.size();
        double tauWaad = n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
        Set<Integer> free = new HashSet<>();
        Set<Integer> dominated = new HashSet<>();
        Set<Integer> intros = new HashSet<>();
        for (int t : select(list(seen.fai()), q, bottom)) {
            int intro = -1;
            for (int u = t - k; u < t; u++) {
                if (u >= 0 && (intro < 0 || changes.get(u) >= changes.get(intro))) {
                    intro = u;
                }
            }
            if (intro >= 0 && seen.waad()[t] <= tauWaad && changes.get(intro) >= tauDelta) {
                dominated.add(t);
                intros.add(intro);
            } else {
                free.add(t);
            }
        }
        return new Coupling(free, dominated, intros);
    }

    static double[] coupled(Observation seen, double q, double amplification, double alpha, int k, boolean bottom) {
        Coupling coupling = coupling(seen, q, k, bottom);
        double[] gamma = new double[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            gamma[t] = 1
                    + (amplification - 1) * (coupling.free.contains(t) ? 1 : 0)
                    + (amplification - 1) * (1 - alpha) * (coupling.dominated.contains(t) ? 1 : 0)
                    + (amplification - 1) * alpha * (coupling.intros.contains(t) ? 1 : 0);
        }
        return gamma;
    }
}
