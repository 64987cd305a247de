package dev.upbeat.observe;

import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import java.util.List;

/**
 * The observations of a list of traces, from one pass.
 *
 * @param groups the head groups that WAAD and FAI are means over
 * @param observations one per trace, in the order of the traces
 * @param rhythmSeconds time that the rhythm took in addition to the forward pass; if batches ran in parallel, the mean
 *     over the workers
 * @param perHead series of every candidate head, in the order of (layer, head), for the first traces, as many as
 *     requested
 * @param further the same traces in the other variants requested, in their order; without links and maps
 */
public record ObservedTraces(
        HeadGroups groups,
        List<Observation> observations,
        double rhythmSeconds,
        List<List<HeadRhythm>> perHead,
        List<ObservedTraces> further) {}
