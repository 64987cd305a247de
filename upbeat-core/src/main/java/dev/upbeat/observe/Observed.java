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
 * @param rhythmSeconds what was spent on the rhythm beside the forward pass
 * @param perHead of as many traces as asked for, the first, every candidate head's own series by (layer, head)
 */
public record Observed(
        HeadGroups groups, List<Observation> observations, double rhythmSeconds, List<List<HeadRhythm>> perHead) {}
