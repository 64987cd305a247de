package dev.upbeat.observe;

import dev.upbeat.model.Decoder;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * Observes the traces of several requests in one pass. Each request has head groups of its own, found from its traces alone,
 * so its result is that of {@link Observer#observe(List)} up to rounding in the larger batch.
 */
public final class SharedPass {
    private final Decoder decoder;
    private final RhythmOptions options;

    /**
     * @param options the same for all requests
     * @throws IllegalArgumentException if {@link #canShare} is false for the options
     */
    public SharedPass(Decoder decoder, RhythmOptions options) {
        if (!canShare(options)) {
            throw new IllegalArgumentException("links, maps and their columns need a pass for each request");
        }
        options.requireFit(decoder.config());
        this.decoder = decoder;
        this.options = options;
    }

    /** Whether requests with these options can share a pass: nothing reads q and k after it. */
    public static boolean canShare(RhythmOptions options) {
        return !options.extras().readsAttention();
    }

    /**
     * @param requests the traces of each request, each at least one
     * @return one per request, in their order
     * @throws dev.upbeat.io.BadInputException as {@link Observer#observe(List)}
     */
    public List<ObservedTraces> observe(List<List<Trace>> requests) {
        List<Trace> all = requests.stream().flatMap(List::stream).toList();
        all.forEach(trace -> Observer.requireInContext(trace, decoder.config().context()));
        List<TraceBatch> batches = Observer.batches(decoder, all);
        BatchResult[] results = new BatchResult[batches.size()];
        BatchPass pass = new BatchPass(decoder, options);
        TotalTime rhythmTime = new TotalTime();
        Observer.runAll(
                decoder,
                batches.size(),
                i -> results[i] = pass.measure(batches.get(i), EnumSet.of(options.alignment()), false, rhythmTime));
        List<ObservedTraces> observed = new ArrayList<>();
        int start = 0;
        for (List<Trace> request : requests) {
            observed.add(assemble(Arrays.asList(results), start, start + request.size()));
            start += request.size();
        }
        return observed;
    }

    /** The result of the request whose traces have the indices [start, end) in the pass. */
    private ObservedTraces assemble(List<BatchResult> results, int start, int end) {
        ObservationAssembler assembler =
                new ObservationAssembler(options, decoder.config().heads());
        HeadGroups fixed = options.groups();
        HeadGroups groups = fixed != null
                ? fixed
                : assembler.group(
                        results, options.alignment(), options.layers(), trace -> start <= trace && trace < end);
        Observation[] observations = new Observation[end - start];
        for (BatchResult result : results) {
            for (int b : result.rows(trace -> start <= trace && trace < end)) {
                observations[result.batch().indices().get(b) - start] = assembler.of(result, b, null, groups);
            }
        }
        return new ObservedTraces(groups, List.of(observations), 0, List.of(), List.of());
    }
}
