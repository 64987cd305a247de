package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.Observed;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.LinkageStudy;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.store.PromptFile;
import dev.upbeat.store.PromptRow;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunWriter;
import dev.upbeat.store.TraceFile;
import dev.upbeat.store.TraceRow;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code upbeat analyze}. The inputs are read and the place of the run is taken before a model is loaded, so
 * that what is wrong with them is told at once; the run directory appears when it is whole.
 */
public final class Analysis implements AutoCloseable {
    private final List<PromptRow> prompts;
    private final List<TraceRow> traces;
    private final @Nullable FileHash data;
    private final @Nullable String system;
    private final @Nullable HeadGroups heads;
    private final RunWriter writer;
    private @Nullable LinkageStudy study;

    private Analysis(
            List<PromptRow> prompts,
            List<TraceRow> traces,
            @Nullable FileHash data,
            @Nullable String system,
            @Nullable HeadGroups heads,
            RunWriter writer) {
        this.prompts = prompts;
        this.traces = traces;
        this.data = data;
        this.system = system;
        this.heads = heads;
        this.writer = writer;
    }

    /** Told how far a run is. */
    public interface Listener {
        void began(String stage, long total);

        void advanced(long units);

        /** A token of the only response was drawn. */
        void drawn(int id);

        /** The responses are written. */
        void written();

        void ended();

        void warn(String text);
    }

    /** @throws BadInputException where an input cannot be read or the place is taken */
    public static Analysis prepare(AnalysisInput input, Path out, boolean force) throws IOException {
        List<PromptRow> prompts = List.of();
        List<TraceRow> traces = List.of();
        Path file = input.prompts() != null ? input.prompts() : input.traces();
        if (input.prompts() != null) {
            prompts = PromptFile.read(input.prompts(), input.limit());
        } else if (input.traces() != null) {
            traces = TraceFile.read(input.traces(), input.limit());
        } else {
            String text = Objects.requireNonNull(input.text(), "one of prompts, traces and text");
            if (text.isEmpty()) {
                throw new BadInputException("--text is empty; expected a question");
            }
            prompts = List.of(new PromptRow("text", List.of(new Message("user", text)), null, null));
        }
        HeadGroups heads = input.heads() == null ? null : HeadsFile.read(input.heads());
        FileHash data = file == null ? null : FileHash.of(String.valueOf(file.getFileName()), file);
        return new Analysis(prompts, traces, data, input.system(), heads, RunWriter.create(out, force));
    }

    /** Groups given by the user, null where they are to be found. */
    public @Nullable HeadGroups fixedHeads() {
        return heads;
    }

    /**
     * @param beyondContext whether traces longer than the model's context are taken
     * @param config every option, resolved, for config.yaml
     * @return the run directory
     */
    public Path run(
            Upbeat model,
            Sampling sampling,
            RhythmOptions options,
            boolean beyondContext,
            Map<String, Object> config,
            Listener listener)
            throws IOException {
        List<Trace> observed = traces.isEmpty() ? generate(model, sampling, listener) : given(model);
        if (!beyondContext) {
            observed.forEach(trace -> requireFits(trace, model.config().context()));
        }
        listener.began("observing", observed.size());
        Observed seen = new Observer(model.decoder(), options).observe(observed, listener::advanced);
        listener.began("writing", observed.size());
        writer.config(config);
        writer.provenance(Provenance.ofThisMachine(
                new FileHash(
                        String.valueOf(model.checkpoint().path().getFileName()),
                        model.checkpoint().sha256()),
                data,
                config,
                sampling.seed(),
                Libtorch.version(),
                Libtorch.threads()));
        writer.heads(seen.groups());
        for (int i = 0; i < observed.size(); i++) {
            Trace trace = observed.get(i);
            writer.add(
                    trace, model.texts(trace.promptIds()), seen.observations().get(i));
            listener.advanced(1);
        }
        RunDirectory run = writer.seal();
        ReportBuilder.Built built = ReportBuilder.build(run);
        study = built.study();
        ReportWriter.write(run.path().resolve("report.html"), built.data());
        listener.ended();
        if (options.receivers() && seen.groups().receiver().isEmpty()) {
            listener.warn("no response is long enough to tell receiver heads; receiver FAI is undefined everywhere");
        }
        return writer.finish();
    }

    /** The linkages of the run, once it is done. */
    public LinkageStudy study() {
        return Objects.requireNonNull(study, "the run is not done");
    }

    private List<Trace> given(Upbeat model) {
        Encoder encoder = new Encoder(model, system);
        return traces.stream().map(encoder::trace).toList();
    }

    private List<Trace> generate(Upbeat model, Sampling sampling, Listener listener) {
        Encoder encoder = new Encoder(model, system);
        List<int[]> ids = prompts.stream().map(encoder::prompt).toList();
        listener.began("generating", (long) ids.size() * sampling.maxNewTokens());
        List<Response> responses = new Generator(model.decoder(), Generator.DEFAULT_BATCH)
                .generate(ids, sampling, (prompt, id) -> {
                    listener.advanced(1);
                    listener.drawn(id);
                });
        listener.written();
        List<Trace> written = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            int[] response = responses.get(i).ids();
            written.add(new Trace(
                    prompts.get(i).id(),
                    ids.get(i),
                    response,
                    model.texts(response),
                    sampling.logProbTemperature(),
                    null));
        }
        return written;
    }

    private static void requireFits(Trace trace, int context) {
        if (trace.length() > context) {
            throw new BadInputException("trace " + trace.id() + " has " + trace.length()
                    + " tokens, more than the model's context of " + context
                    + "; shorten it, or allow it by --beyond-context");
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
