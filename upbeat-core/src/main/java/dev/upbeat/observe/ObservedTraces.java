package dev.upbeat.observe;

import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import java.util.List;

/**
 * What a pass over traces saw.
 *
 * @param groups the head groups that WAAD and FAI are means over
 * @param observations one a trace, in the traces' order
 * @param rhythmSeconds what was spent on the rhythm beside the forward pass; where batches ran side by side, the mean
 *     over the workers
 * @param perHead of as many traces as asked for, the first, every candidate head's own series by (layer, head)
 * @param further the same traces in the further readings asked for, in their order; without links and maps
 */
public record ObservedTraces(
        HeadGroups groups,
        List<Observation> observations,
        double rhythmSeconds,
        List<List<HeadRhythm>> perHead,
        List<ObservedTraces> further) {}
