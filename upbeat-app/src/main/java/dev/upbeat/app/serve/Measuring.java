package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.serve.MeasureRequest.TraceRow;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.TraceFile;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Measures the traces of a request with the current weights. */
final class Measuring {
    private static final String RECEIVER_FAI = "receiver_fai";

    private final ModelHost host;
    private final Engine engine;
    private final Duration timeout;

    /** @param timeout how long a request waits for its answer */
    Measuring(ModelHost host, Engine engine, Duration timeout) {
        this.host = host;
        this.engine = engine;
        this.timeout = timeout;
    }

    /**
     * The result of a request.
     *
     * @param model the weights that measured the traces, perhaps closed since
     */
    record Result(ServedModel model, List<Trace> traces, ObservedTraces seen) {
        long version() {
            return model.version();
        }
    }

    /**
     * @param columns series of the answer
     * @param series further series that the answer is computed from
     * @throws BadInputException if the request does not fit the model
     * @throws Refusal 504 if the answer takes too long
     */
    Result measure(MeasureRequest request, List<String> columns, Set<String> series) {
        ServedModel model = host.hold();
        try {
            return measure(model, request, columns, series);
        } finally {
            model.release();
        }
    }

    /**
     * The same with given weights.
     *
     * @param model held by the caller
     */
    Result measure(ServedModel model, MeasureRequest request, List<String> columns, Set<String> series) {
        RhythmOptions options = options(request, model.config(), columns, series);
        List<Trace> traces = traces(request, model.config(), options.extras().readsTexts());
        return new Result(model, traces, await(engine.observe(model, traces, options)));
    }

    /**
     * Measures all series with given weights and head groups.
     *
     * @param model held by the caller
     * @param fixed null to find the head groups
     * @param links strongest earlier tokens kept for each response token; 0 for none
     */
    Result measure(ServedModel model, MeasureRequest request, @Nullable HeadGroups fixed, int links) {
        RhythmOptions options = options(request, model.config(), TraceFile.SERIES, Set.of())
                .with(new RhythmOptions.Extras(links, null, Set.of()));
        List<Trace> traces = traces(request, model.config(), false);
        RhythmOptions chosen = fixed == null ? options : options.with(fixed);
        return new Result(model, traces, await(engine.observe(model, traces, chosen)));
    }

    /** The head groups that a trace gives. */
    HeadGroups groups(ServedModel model, Trace trace, RhythmOptions options) {
        return await(engine.observe(model, List.of(trace), options)).groups();
    }

    private static RhythmOptions options(
            MeasureRequest request, ModelConfig config, List<String> columns, Set<String> series) {
        RhythmJson rhythm = new RhythmJson(request.field("rhythm"));
        JsonNode groups = request.field("groups");
        HeadGroups fixed = groups.isMissingNode() ? null : HeadsFile.parse(groups, "groups");
        boolean receivers = columns.contains(RECEIVER_FAI) || series.contains(RECEIVER_FAI);
        RhythmOptions options = rhythm.options(config, fixed, receivers);
        if (receivers && !options.receivers()) {
            throw new BadInputException(
                    "rhythm.receivers is false, but columns or the strategy needs receiver_fai; leave rhythm.receivers out");
        }
        Set<String> measurable = new HashSet<>(RhythmOptions.Extras.COLUMNS);
        measurable.retainAll(series);
        return options.with(new RhythmOptions.Extras(0, null, measurable));
    }

    private List<Trace> traces(MeasureRequest request, ModelConfig config, boolean readsTexts) {
        List<Trace> traces = new ArrayList<>();
        for (TraceRow row : request.traces()) {
            config.requireKnown(row.promptIds(), "row " + row.id() + ": prompt");
            config.requireKnown(row.responseIds(), "row " + row.id() + ": response");
            Trace trace = new Trace(
                    row.id(),
                    row.promptIds(),
                    row.responseIds(),
                    readsTexts ? host.texts(row.responseIds()) : null,
                    row.temperature(),
                    null);
            requireInContext(trace, config.context());
            traces.add(trace);
        }
        return traces;
    }

    /** As {@code Observer.requireInContext}, without the option that a request does not have. */
    private static void requireInContext(Trace trace, int context) {
        if (trace.length() > context) {
            throw new BadInputException("trace " + trace.id() + " has " + trace.length()
                    + " tokens, more than the model's context of " + context + "; shorten it");
        }
    }

    private ObservedTraces await(CompletableFuture<ObservedTraces> result) {
        try {
            return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            result.cancel(false);
            throw new Refusal(504, "the answer took more than " + timeout.toSeconds() + " s; send fewer traces");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.cancel(false);
            throw new Refusal(503, "the service is stopping");
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private static RuntimeException unwrapped(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}
