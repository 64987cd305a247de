package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.linkage.LinkageStudy;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.observe.RhythmVariant;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunWriter;
import dev.upbeat.store.UnfinishedResult;
import dev.upbeat.task.TaskRow;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.HeadRhythm;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code upbeat analyze}. Inputs are read and the output directory is reserved before a model is loaded, so that
 * errors in them are reported at once. The run directory appears when it is complete.
 */
public final class Analysis implements AutoCloseable {
    private final AnalysisInput input;
    private final AnalysisRows rows;
    private final @Nullable FileHash data;
    private final @Nullable HeadGroups heads;
    private final RunWriter writer;
    private final UnfinishedResult unfinished;

    private Analysis(
            AnalysisInput input,
            AnalysisRows rows,
            @Nullable FileHash data,
            @Nullable HeadGroups heads,
            RunWriter writer) {
        this.input = input;
        this.rows = rows;
        this.data = data;
        this.heads = heads;
        this.writer = writer;
        this.unfinished = new UnfinishedResult("run", writer::close);
    }

    /**
     * A finished run.
     *
     * @param directory the run directory
     * @param study the linkages over all its traces
     * @param beat chunks and couplings of all its traces, a sentence each
     * @param traces the observed traces
     * @param seen observations of the traces, in their order
     */
    public record Result(
            Path directory, LinkageStudy study, List<String> beat, List<Trace> traces, ObservedTraces seen) {}

    /** @throws BadInputException if an input cannot be read or the output directory is taken */
    public static Analysis prepare(AnalysisInput input, Path out, boolean force) throws IOException {
        AnalysisRows rows = AnalysisRows.read(input);
        if (rows.size() == 0 && text(input).isEmpty()) {
            throw new BadInputException("--text is empty; expected a question");
        }
        Path file = input.prompts() != null ? input.prompts() : input.traces();
        HeadGroups heads = input.heads() == null ? null : HeadsFile.read(input.heads());
        FileHash data = file == null ? null : FileHash.of(String.valueOf(file.getFileName()), file);
        return new Analysis(input, rows, data, heads, RunWriter.create(out, force));
    }

    /** The user's head groups; null to find them. */
    public @Nullable HeadGroups fixedHeads() {
        return heads;
    }

    /** Number and kind of the inputs: "16 prompts". */
    public String inputs() {
        int count = Math.max(1, rows.size());
        return count + (rows.traces().isEmpty() ? " prompt" : " trace") + (count == 1 ? "" : "s");
    }

    /** @param given every option, resolved, for config.yaml */
    public Result run(
            Upbeat model,
            Sampling sampling,
            RhythmOptions options,
            Map<String, Object> given,
            AnalysisListener listener)
            throws IOException {
        return run(model, sampling, options, List.of(), given, listener);
    }

    /**
     * @param further other variants of the same pass; the WAAD of those over the same layers becomes a further column of the
     *     run, such as waad_predictor
     * @param given every option, resolved, for config.yaml; the ids of a sample are added
     */
    public Result run(
            Upbeat model,
            Sampling sampling,
            RhythmOptions options,
            List<RhythmVariant> further,
            Map<String, Object> given,
            AnalysisListener listener)
            throws IOException {
        Map<String, Object> config = new LinkedHashMap<>(given);
        if (input.rows().sample() != null) {
            config.put("sample_ids", rows.ids());
        }
        List<Trace> observed = traces(model, sampling, listener);
        if (model.tokenizerProblem() != null) {
            listener.warn("the run has token ids but no token texts: " + model.tokenizerProblem());
        }
        warnOfEmptyMap(observed, options, listener);
        if (options.groups() == null && options.settings().groupWeight() == GroupWeight.TOKEN) {
            DominantTrace.find(observed).ifPresent(found -> listener.warn(found.warning()));
        }
        listener.began("observing", observed.size());
        Observer observer = new Observer(model.decoder(), options);
        ObservedTraces seen = (input.beyondContext() ? observer.beyondContext() : observer)
                .observe(observed, input.headSeries(), further, listener::advanced);
        if (options.receivers() && seen.groups().receiver().isEmpty()) {
            listener.warn(
                    input.heads() == null
                            ? "no response is long enough to find receiver heads, so receiver FAI is undefined "
                                    + "everywhere"
                            : input.heads() + " has no receiver heads, so receiver FAI is undefined everywhere");
        }
        listener.began("writing", observed.size());
        Provenance provenance = provenance(model, sampling, config);
        return unfinished.write(() -> {
            writer.config(config);
            writer.provenance(provenance);
            writer.heads(seen.groups());
            for (int i = 0; i < observed.size(); i++) {
                Trace trace = observed.get(i);
                writer.add(trace, model.texts(trace.promptIds()), withOtherWaad(seen, i, options, further));
                listener.advanced(1);
            }
            if (!seen.perHead().isEmpty()) {
                writer.headSeries(perHead(observed, seen));
            }
            RunDirectory run = writer.seal();
            ReportBuilder.Built built = ReportBuilder.build(run);
            ReportWriter.write(run.path().resolve("report.html"), built.data());
            LinkageFiles.write(run.path(), built.study(), built.beat());
            List<String> beat = built.beat() == null ? List.of() : built.beat().texts();
            return new Result(writer.finish(), built.study(), beat, observed, seen);
        });
    }

    private static Observation withOtherWaad(
            ObservedTraces seen, int trace, RhythmOptions options, List<RhythmVariant> further) {
        Observation all = seen.observations().get(trace);
        for (int r = 0; r < further.size(); r++) {
            RhythmVariant reading = further.get(r);
            if (reading.layers().equals(options.layers()) && reading.alignment() != options.alignment()) {
                String name = "waad_" + reading.alignment().name().toLowerCase(Locale.ROOT);
                all = all.with(
                        name, seen.further().get(r).observations().get(trace).waad());
            }
        }
        return all;
    }

    private static Map<String, List<HeadRhythm>> perHead(List<Trace> traces, ObservedTraces seen) {
        Map<String, List<HeadRhythm>> byId = new LinkedHashMap<>();
        for (int i = 0; i < seen.perHead().size(); i++) {
            byId.put(traces.get(i).id(), seen.perHead().get(i));
        }
        return byId;
    }

    private List<Trace> traces(Upbeat model, Sampling sampling, AnalysisListener listener) {
        Encoder encoder = new Encoder(model, input);
        if (input.traces() == null) {
            List<TaskRow> asked = input.prompts() == null ? List.of(textRow(model)) : rows.prompts();
            return new Responder(model, encoder, sampling, listener).respond(asked);
        }
        List<Trace> encoded = rows.traces().stream().map(encoder::trace).toList();
        encoder.warnOfRawPrompts(listener);
        return encoded;
    }

    private TaskRow textRow(Upbeat model) {
        String text = text(input);
        if (input.prompt() != null) {
            return AnalysisRows.worded(new TaskRow("text", text, null), input.prompt(), input.usual());
        }
        Prompt prompt = model.hasChatTemplate() ? TaskRow.question(text) : Prompt.of(text);
        return new TaskRow("text", prompt, null);
    }

    private static String text(AnalysisInput input) {
        return Objects.requireNonNull(input.text(), "one of prompts, traces and text");
    }

    private static void warnOfEmptyMap(List<Trace> traces, RhythmOptions options, AnalysisListener listener) {
        RhythmOptions.MapRange map = options.extras().map();
        if (map != null && traces.stream().noneMatch(trace -> trace.length() > map.start())) {
            listener.warn("no trace reaches position " + map.start() + ", the start of --map, so no map is kept");
        }
    }

    private Provenance provenance(Upbeat model, Sampling sampling, Map<String, Object> config) {
        return Provenance.ofThisMachine(
                new FileHash(input.modelName(), model.checkpoint().sha256()),
                data,
                config,
                sampling.seed(),
                Libtorch.version(),
                Libtorch.threads(),
                Kernels.current().toString(),
                model.stopTokens());
    }

    /** Deletes the unfinished run; called from another thread when the process ends. */
    public void abandon() {
        unfinished.abandon();
    }

    @Override
    public void close() throws IOException {
        unfinished.close();
    }
}
