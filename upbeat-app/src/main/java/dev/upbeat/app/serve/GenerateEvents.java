package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.upbeat.rhythm.LiveRhythm;
import dev.upbeat.rollout.TokenStream;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.tokenizer.StreamingText;
import dev.upbeat.trace.HeadGroups;
import jakarta.servlet.ServletOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response as server-sent events: {@code start} {prompt_ids, groups, weights_version}, {@code token} {index, id, text,
 * log_prob, time} when a token is drawn, {@code rhythm} {index, waad, fai} when its attention is known (fai: of all tokens so
 * far, null where undefined), and {@code done} {prompt_ids, response_ids, finish, waad, fai, groups}.
 */
final class GenerateEvents implements TokenStream.Listener {
    private final ServletOutputStream out;
    private final LiveRhythm rhythm;
    private final int heads;
    private final @Nullable StreamingText text;
    private final long end;
    private final List<Integer> ids = new ArrayList<>();
    private final List<Float> waad = new ArrayList<>();
    private boolean late;

    /**
     * @param heads H, query heads of each layer
     * @param text null without a tokenizer
     * @param timeout after which the response ends
     */
    GenerateEvents(
            ServletOutputStream out, LiveRhythm rhythm, int heads, @Nullable StreamingText text, Duration timeout) {
        this.out = out;
        this.rhythm = rhythm;
        this.heads = heads;
        this.text = text;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public boolean wants(int layer) {
        return rhythm.wants(layer);
    }

    @Override
    public void row(int layer, int firstKey, float[] weights) {
        rhythm.add(layer, firstKey, weights, heads);
    }

    /** Sends the first event: what a client needs to measure a response that it stops. */
    void started(int[] prompt, HeadGroups groups, long version) {
        send("start", json -> {
            json.writeFieldName("prompt_ids");
            json.writeArray(prompt, 0, prompt.length);
            json.writeFieldName("groups");
            json.writeTree(HeadsFile.json(groups));
            json.writeNumberField("weights_version", version);
        });
    }

    @Override
    public boolean drawn(int id, float logProb) {
        ids.add(id);
        send("token", json -> {
            json.writeNumberField("index", ids.size() - 1);
            json.writeNumberField("id", id);
            if (text != null) {
                json.writeStringField("text", text.push(id));
            }
            json.writeNumberField("log_prob", logProb);
            json.writeNumberField("time", System.currentTimeMillis());
        });
        late = System.nanoTime() - end > 0;
        return !late;
    }

    @Override
    public void attended() {
        float value = rhythm.endRow();
        waad.add(value);
        send("rhythm", json -> {
            json.writeNumberField("index", waad.size() - 1);
            json.writeNumberField("waad", value);
            json.writeFieldName("fai");
            AnswerJson.series(json, rhythm.fai());
        });
    }

    /** Sends the last event. */
    void done(int[] prompt, HeadGroups groups, Set<Integer> stopIds) {
        boolean stopped = stopIds.contains(ids.get(ids.size() - 1));
        send("done", json -> {
            json.writeFieldName("prompt_ids");
            json.writeArray(prompt, 0, prompt.length);
            json.writeArrayFieldStart("response_ids");
            for (int id : ids) {
                json.writeNumber(id);
            }
            json.writeEndArray();
            json.writeStringField("finish", stopped ? "stop" : late ? "timeout" : "length");
            json.writeArrayFieldStart("waad");
            for (float value : waad) {
                json.writeNumber(value);
            }
            json.writeEndArray();
            json.writeFieldName("fai");
            AnswerJson.series(json, rhythm.fai());
            json.writeFieldName("groups");
            json.writeTree(HeadsFile.json(groups));
        });
    }

    /** Tells the client that the response failed. */
    void failed() {
        try {
            send("error", json -> json.writeStringField("error", "the service failed; its log has the reason"));
        } catch (UncheckedIOException e) {
            // the client has left
        }
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private void send(String event, Fields fields) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(("event: " + event + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
            try (JsonGenerator json = JsonReading.mapper().createGenerator(bytes)) {
                json.writeStartObject();
                fields.write(json);
                json.writeEndObject();
            }
            bytes.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
            out.write(bytes.toByteArray());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
