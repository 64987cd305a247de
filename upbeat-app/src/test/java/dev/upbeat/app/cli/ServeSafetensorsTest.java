package dev.upbeat.app.cli;

import static dev.upbeat.app.cli.LocalService.JSON;
import static dev.upbeat.app.cli.LocalService.traces;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers in the safetensors format have the numbers of those in JSON. */
class ServeSafetensorsTest {
    private static final String[] ROWS = LocalService.randomRows(3, 4, TinyModel.VOCABULARY);
    private static final String TYPE = "application/x-safetensors";

    @TempDir
    private static Path directory;

    private static LocalService service;

    @BeforeAll
    static void start() {
        service = LocalService.of(TinyModel.write(directory.resolve("model")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Flat ids and offsets, I32, and the other fields. */
    private static byte[] body(String fields) throws IOException {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        List<String> ids = new ArrayList<>();
        for (String name : List.of("prompt", "response")) {
            List<Integer> flat = new ArrayList<>();
            List<Integer> offsets = new ArrayList<>(List.of(0));
            for (String row : ROWS) {
                JSON.readTree(row).path(name + "_ids").forEach(id -> flat.add(id.asInt()));
                offsets.add(flat.size());
            }
            values.put(name + "_ids", flat);
            values.put(name + "_offsets", offsets);
        }
        for (String row : ROWS) {
            ids.add(JSON.readTree(row).path("id").asText());
        }
        String request = "{\"ids\": " + JSON.writeValueAsString(ids) + (fields.isEmpty() ? "" : ", " + fields) + "}";
        return encoded(values, request);
    }

    private static byte[] encoded(Map<String, List<Integer>> values, String request) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("request", request));
        int end = 0;
        for (Map.Entry<String, List<Integer>> entry : values.entrySet()) {
            int size = 4 * entry.getValue().size();
            header.put(
                    entry.getKey(),
                    Map.of(
                            "dtype",
                            "I32",
                            "shape",
                            List.of(entry.getValue().size()),
                            "data_offsets",
                            List.of(end, end + size)));
            end += size;
        }
        ByteBuffer data = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        values.values().forEach(list -> list.forEach(data::putInt));
        return TinyModel.framed(JSON.writeValueAsString(header), data.array());
    }

    private static HttpResponse<byte[]> send(String path, byte[] body) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            service.request(path)
                                    .setHeader("Content-Type", TYPE)
                                    .POST(BodyPublishers.ofByteArray(body))
                                    .build(),
                            BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The values of a tensor of an answer. */
    private static float[] floats(byte[] answer, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong(0);
        JsonNode entry = JSON.readTree(answer, 8, length).path(name).path("data_offsets");
        float[] values = new float[(entry.get(1).asInt() - entry.get(0).asInt()) / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat(8 + length + entry.get(0).asInt() + 4 * i);
        }
        return values;
    }

    private static float[] flat(JsonNode rows, String name) {
        List<Float> values = new ArrayList<>();
        rows.forEach(
                row -> row.path(name).forEach(value -> values.add(value.isNull() ? Float.NaN : value.floatValue())));
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i);
        }
        return flat;
    }

    @Test
    void creditHasTheNumbersOfJson() throws IOException {
        String fields = "\"strategy\": \"random\", \"columns\": [\"waad\", \"fai\"]";
        HttpResponse<byte[]> answer = send("/v1/credit", body(fields));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(TYPE);
        JsonNode credits = service.answer("/v1/credit", "{" + fields + ", " + traces(ROWS) + "}")
                .path("credits");
        for (String name : List.of("gamma", "waad", "fai")) {
            assertThat(floats(answer.body(), name)).as(name).isEqualTo(flat(credits, name));
        }
    }

    @Test
    void observationHasTheNumbersOfJson() throws IOException {
        HttpResponse<byte[]> answer = send("/v1/observe", body(""));
        JsonNode rows = service.answer("/v1/observe", "{" + traces(ROWS) + "}").path("observations");
        for (String name : List.of("log_prob", "entropy_nats", "waad", "fai", "receiver_fai")) {
            assertThat(floats(answer.body(), name)).as(name).isEqualTo(flat(rows, name));
        }
    }

    @Test
    void phasesHaveARowForEachUpdate() throws IOException {
        byte[] answer = send("/v1/credit", body("\"strategy\": \"lopti\"")).body();
        JsonNode rows = service.answer("/v1/credit", "{\"strategy\": \"lopti\", " + traces(ROWS) + "}")
                .path("credits");
        List<Float> expected = new ArrayList<>();
        for (int update = 0; update < 2; update++) {
            for (JsonNode row : rows) {
                row.path("phases").get(update).forEach(value -> expected.add(value.floatValue()));
            }
        }
        assertThat(floats(answer, "phases")).containsExactly(expected.toArray(Float[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt_offsets=0,1,1,2",
                "prompt_offsets=1,2",
                "prompt_offsets=0,99",
                "prompt_offsets=0,2,1,2",
                "prompt_offsets=",
                "prompt_ids=-1,5",
                "other=1"
            })
    void faultyTensorsAreRefused(String change) throws IOException {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        values.put("prompt_ids", List.of(1, 2));
        values.put("response_ids", List.of(3, 4, 5));
        values.put("prompt_offsets", List.of(0, 2));
        values.put("response_offsets", List.of(0, 3));
        assertThat(send("/v1/observe", encoded(values, "{}")).statusCode()).isEqualTo(200);
        List<Integer> changed = new ArrayList<>();
        String list = change.split("=", -1)[1];
        for (String value : list.isEmpty() ? new String[0] : list.split(",")) {
            changed.add(Integer.valueOf(value));
        }
        values.put(change.split("=", -1)[0], changed);
        assertThat(send("/v1/observe", encoded(values, "{}")).statusCode()).isEqualTo(400);
    }

    @Test
    void otherBytesAreRefused() throws IOException {
        assertThat(send("/v1/observe", new byte[3]).statusCode()).isEqualTo(400);
        assertThat(send("/v1/observe", new byte[100]).statusCode()).isEqualTo(400);
        assertThat(send("/v1/observe", TinyModel.framed("{\"prompt_ids\": 5}", new byte[0]))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(
                                "/v1/observe",
                                TinyModel.framed(
                                        "{\"prompt_ids\": {\"dtype\": \"I64\", \"shape\": [4611686018427387904],"
                                                + " \"data_offsets\": [0, 8]}}",
                                        new byte[8]))
                        .statusCode())
                .isEqualTo(400);
    }
}
