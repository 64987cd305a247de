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

    /** What the paper leaves open; a threshold is NaN for the default, below 0 for a quantile, else a number. */
    record Readings(
            double tauWaad, double tauDelta, boolean earlierIntro, boolean each, boolean overwrite, boolean laterTies) {
        static final Readings DEFAULT = new Readings(Double.NaN, Double.NaN, false, false, false, false);
    }

    /** The ceil(q * |R|) positions of largest (or smallest) defined value, ties to the earlier position. */
    static Set<Integer> select(List<Double> x, double q, boolean bottom) {
        return select(x, q, bottom, false);
    }

    static Set<Integer> select(List<Double> x, double q, boolean bottom, boolean laterTies) {
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
                if (candidate.score > best.score || (laterTies && candidate.score == best.score)) {
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

    /** T_glob \ Dom, Dom, and the intro of each anchor in Dom. */
    record Coupling(Set<Integer> free, Set<Integer> dominated, List<Integer> intros) {}

    /** The value below which a share q of the sorted values lies, linear between two. */
    private static double quantile(List<Double> values, double q) {
        List<Double> sorted = new ArrayList<>(values);
        sorted.removeIf(value -> value.isNaN());
        Collections.sort(sorted);
        double place = q * (sorted.size() - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    static Coupling coupling(Observation seen, double q, int k, boolean bottom, Readings readings) {
        List<Double> changes = changes(seen.waad());
        double tauDelta = readings.tauDelta;
        if (Double.isNaN(tauDelta)) {
            tauDelta = Double.POSITIVE_INFINITY;
            for (int t : select(changes, q, false)) {
                tauDelta = Math.min(tauDelta, changes.get(t));
            }
        } else if (tauDelta < 0) {
            tauDelta = quantile(changes, -tauDelta);
        }
        double tauWaad = Double.isNaN(readings.tauWaad)
                ? quantile(list(seen.waad()), 0.5)
                : readings.tauWaad < 0 ? quantile(list(seen.waad()), -readings.tauWaad) : readings.tauWaad;
        Set<Integer> free = new HashSet<>();
        Set<Integer> dominated = new HashSet<>();
        List<Integer> intros = new ArrayList<>();
        for (int t : select(list(seen.fai()), q, bottom, readings.laterTies)) {
            int intro = -1;
            for (int u = t - k; u < t; u++) {
                boolean better = u >= 0
                        && (intro < 0
                                || changes.get(u) > changes.get(intro)
                                || (!readings.earlierIntro && changes.get(u).equals(changes.get(intro))));
                intro = better ? u : intro;
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

    static double[] coupled(
            Observation seen, double amplification, double alpha, Coupling coupling, Readings readings) {
        double[] gamma = new double[seen.length()];
        for (int t = 0; t < gamma.length; t++) {
            int introduced = Collections.frequency(coupling.intros, t);
            double received = alpha * (readings.each ? introduced : Math.min(1, introduced));
            double kept = coupling.free.contains(t) ? 1 : coupling.dominated.contains(t) ? 1 - alpha : 0;
            gamma[t] = 1 + (amplification - 1) * (readings.overwrite && introduced > 0 ? received : kept + received);
        }
        return gamma;
    }
}
