package dev.upbeat.observe;

import dev.upbeat.trace.Head;
import dev.upbeat.trace.HeadRhythm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * WAAD and FAI of every candidate head over one response, and their means over a head group (arXiv 2510.13554, Eq. 8).
 */
final class HeadSeries {
    private final Map<Integer, Layer> layers = new TreeMap<>();

    /**
     * @param waad [H][T]
     * @param fai [H][T], NaN where undefined
     */
    record Layer(float[][] waad, float[][] fai) {}

    void put(int layer, Layer series) {
        layers.put(layer, series);
    }

    /** WAAD of a group's mean map: the mean over the heads, because WAAD is linear in the map. */
    float[] waad(List<Head> group) {
        return mean(group.stream().map(head -> layer(head).waad()[head.head()]).toList());
    }

    /** FAI of a group's mean map, in the same way. */
    float[] fai(List<Head> group) {
        return mean(group.stream().map(head -> layer(head).fai()[head.head()]).toList());
    }

    /** Series of each candidate head, in the order of (layer, head). */
    List<HeadRhythm> perHead() {
        List<HeadRhythm> heads = new ArrayList<>();
        layers.forEach((layer, series) -> {
            for (int h = 0; h < series.waad().length; h++) {
                heads.add(new HeadRhythm(new Head(layer, h), series.waad()[h], series.fai()[h]));
            }
        });
        return heads;
    }

    private Layer layer(Head head) {
        Layer layer = layers.get(head.layer());
        if (layer == null) {
            throw new IllegalArgumentException(head + " is not among the observed layers " + layers.keySet());
        }
        return layer;
    }

    private static float[] mean(List<float[]> series) {
        float[] mean = new float[series.get(0).length];
        for (int t = 0; t < mean.length; t++) {
            double sum = 0;
            for (float[] values : series) {
                sum += values[t];
            }
            mean[t] = (float) (sum / series.size());
        }
        return mean;
    }
}
