package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.store.RunDirectory;
import dev.upbeat.store.RunRow;
import dev.upbeat.store.TraceFile;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/runs/{name}/traces?step=N&limit=N}: traces with their series; of a training those of one step, by default the
 * newest.
 */
final class RunTracesHandler implements Handler {
    private static final int USUAL_LIMIT = 32;
    private static final int MOST = 1000;

    private final RunsRoot runs;

    RunTracesHandler(RunsRoot runs) {
        this.runs = runs;
    }

    @Override
    public void handle(Context context) throws IOException {
        RunDirectory run = runs.open(context.pathParam("name"));
        long limit = Math.min(MOST, QueryNumber.of(context, "limit", USUAL_LIMIT));
        List<Long> steps = run.traceSteps();
        long newest = steps.isEmpty() ? -1 : steps.get(steps.size() - 1);
        long step = QueryNumber.of(context, "step", newest);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JsonReading.mapper().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("traces");
            Rows rows = new Rows(json, limit);
            if (steps.isEmpty() && step == newest) {
                run.forEachTrace(rows::add);
            } else {
                run.forEachTrace(step, rows::add);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        context.contentType(RequestBody.JSON).result(bytes.toByteArray());
    }

    /** Writes the first rows. */
    private static final class Rows {
        private final JsonGenerator json;
        private final long limit;
        private int written;

        Rows(JsonGenerator json, long limit) {
            this.json = json;
            this.limit = limit;
        }

        void add(RunRow row) {
            if (written++ >= limit) {
                return;
            }
            try {
                write(row);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void write(RunRow row) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", row.trace().id());
            json.writeFieldName("prompt_ids");
            json.writeArray(row.trace().promptIds(), 0, row.trace().promptIds().length);
            json.writeFieldName("response_ids");
            json.writeArray(row.trace().responseIds(), 0, row.trace().responseIds().length);
            texts("prompt_tokens", row.promptTokens());
            texts("tokens", row.trace().tokens());
            json.writeNumberField("temperature", row.trace().temperature());
            if (row.trace().reward() != null) {
                json.writeNumberField("reward", row.trace().reward());
            }
            for (String name : TraceFile.SERIES) {
                float[] values = row.seen().series(name);
                if (values != null) {
                    json.writeFieldName(name);
                    AnswerJson.series(json, values);
                }
            }
            json.writeEndObject();
        }

        private void texts(String name, @Nullable List<String> texts) throws IOException {
            if (texts == null) {
                return;
            }
            json.writeFieldName(name);
            json.writeArray(texts.toArray(String[]::new), 0, texts.size());
        }
    }
}
