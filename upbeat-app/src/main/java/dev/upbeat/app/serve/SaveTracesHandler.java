package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.app.analyze.ReportBuilder;
import dev.upbeat.app.report.ReportWriter;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.FileHash;
import dev.upbeat.store.Provenance;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunWriter;
import dev.upbeat.store.TraceFile;
import dev.upbeat.tensor.Kernels;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.trace.Trace;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code POST /v1/traces}: measures traces and saves them as a new run, as {@code upbeat analyze --traces} does. */
final class SaveTracesHandler implements Handler {
    private final Admission admission;
    private final Measuring measuring;
    private final ModelHost host;
    private final RunsRoot runs;
    private final int mostTokens;

    SaveTracesHandler(Admission admission, Measuring measuring, ModelHost host, RunsRoot runs, int mostTokens) {
        this.admission = admission;
        this.measuring = measuring;
        this.host = host;
        this.runs = runs;
        this.mostTokens = mostTokens;
    }

    @Override
    public void handle(Context context) throws IOException {
        try (Admission.Place place = admission.enter()) {
            MeasureRequest request = RequestBody.measure(context, place, MeasureRequest.SAVE, mostTokens);
            JsonNode name = request.field("run");
            if (!name.isTextual()) {
                throw new BadInputException("run is missing; expected the name of a new run");
            }
            runs.free(name.textValue());
            ServedModel held = host.hold();
            try {
                Measuring.Result result = measuring.measure(held, request, TraceFile.SERIES, Set.of());
                save(name.textValue(), result, held.sha256());
            } finally {
                held.release();
            }
            context.status(201).contentType(RequestBody.JSON).result("{\"run\":\"" + name.textValue() + "\"}");
        }
    }

    private void save(String name, Measuring.Result result, String sha256) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", "serve");
        config.put("model", host.name());
        config.put("weights_version", result.version());
        config.put("layers", result.seen().groups().layers());
        config.put("horizon", result.seen().groups().settings().horizon().toString());
        config.put("window", result.seen().groups().settings().window());
        Provenance provenance = Provenance.ofThisMachine(
                new FileHash(host.name(), sha256),
                null,
                config,
                0,
                Libtorch.version(),
                Libtorch.threads(),
                Kernels.current().toString(),
                List.of());
        try (RunWriter writer = RunWriter.create(runs.free(name), false)) {
            writer.config(config);
            writer.provenance(provenance);
            writer.heads(result.seen().groups());
            for (int i = 0; i < result.traces().size(); i++) {
                Trace trace = result.traces().get(i);
                Trace withTexts = new Trace(
                        trace.id(),
                        trace.promptIds(),
                        trace.responseIds(),
                        host.texts(trace.responseIds()),
                        trace.temperature(),
                        null);
                writer.add(
                        withTexts,
                        host.texts(trace.promptIds()),
                        result.seen().observations().get(i));
            }
            RunDirectory run = writer.seal();
            ReportWriter.write(
                    run.path().resolve("report.html"), ReportBuilder.build(run).data());
            writer.finish();
        }
    }
}
