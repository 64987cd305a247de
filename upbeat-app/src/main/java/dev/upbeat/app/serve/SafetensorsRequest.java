package dev.upbeat.app.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.app.serve.MeasureRequest.TraceRow;
import dev.upbeat.io.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a request in the safetensors format: flat {@code prompt_ids} and {@code response_ids} (I32 or I64), {@code
 * prompt_offsets} and {@code response_offsets} [B + 1] (I32 or I64, from 0, ascending, to the number of ids), and optionally
 * {@code temperature} and {@code advantage} [B] (F32 or F64). The other fields are a JSON object, the text {@code request} of
 * {@code __metadata__}, which may also have {@code ids}, an array of B ids.
 */
final class SafetensorsRequest {
    private static final String METADATA = "__metadata__";
    private static final String IDS = "ids";
    private static final int LENGTH_BYTES = 8;
    private static final int LARGEST_HEADER = 5_000_000;
    private static final List<String> TENSORS =
            List.of("prompt_ids", "response_ids", "prompt_offsets", "response_offsets", "temperature", "advantage");

    private final ByteBuffer data;
    private final ObjectNode header;

    private SafetensorsRequest(ByteBuffer data, ObjectNode header) {
        this.data = data;
        this.header = header;
    }

    /** @see MeasureRequest#read */
    static MeasureRequest read(byte[] body, List<String> known, int mostTokens) {
        ByteBuffer all = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        long length = body.length < LENGTH_BYTES ? -1 : all.getLong(0);
        if (length < 2 || length > Math.min(LARGEST_HEADER, body.length - LENGTH_BYTES)) {
            throw new BadInputException(
                    "the body is not in the safetensors format: its first 8 bytes are not the length of"
                            + " a header of at most " + LARGEST_HEADER + " bytes");
        }
        ObjectNode header = object(
                new String(body, LENGTH_BYTES, (int) length, StandardCharsets.UTF_8),
                "the header of the safetensors body");
        header.fieldNames().forEachRemaining(name -> {
            if (!name.equals(METADATA)) {
                JsonReading.requireKnown("the safetensors body", name, TENSORS);
            }
        });
        int start = LENGTH_BYTES + (int) length;
        ByteBuffer data = all.slice(start, body.length - start).order(ByteOrder.LITTLE_ENDIAN);
        return new SafetensorsRequest(data, header).request(known, mostTokens);
    }

    private static ObjectNode object(String json, String origin) {
        try {
            if (JsonReading.mapper().readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new BadInputException(origin + " is not valid JSON", e);
        }
        throw new BadInputException(origin + " is not a JSON object");
    }

    private MeasureRequest request(List<String> known, int mostTokens) {
        JsonNode text = header.path(METADATA).path("request");
        ObjectNode given =
                text.isMissingNode() ? JsonReading.mapper().createObjectNode() : object(text.asText(), "request");
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        given.properties().forEach(field -> {
            if (!field.getKey().equals(IDS)) {
                JsonReading.requireKnown("the request", field.getKey(), known);
                fields.put(field.getKey(), field.getValue());
            }
        });
        return new MeasureRequest(traces(given.path(IDS), mostTokens), fields);
    }

    private List<TraceRow> traces(JsonNode ids, int mostTokens) {
        Values prompts = values("prompt_ids");
        Values responses = values("response_ids");
        TraceReader reader = new TraceReader(mostTokens);
        reader.count(prompts.count);
        reader.count(responses.count);
        int[] promptOffsets = offsets("prompt_offsets", prompts.count);
        int[] responseOffsets = offsets("response_offsets", responses.count);
        int rows = promptOffsets.length - 1;
        if (responseOffsets.length - 1 != rows) {
            throw new BadInputException("prompt_offsets is for " + rows + " traces and response_offsets for "
                    + (responseOffsets.length - 1) + "; expected the same number");
        }
        if (!ids.isMissingNode() && (!ids.isArray() || ids.size() != rows)) {
            throw new BadInputException(
                    "ids has " + ids.size() + " values; expected an array with one for each of " + rows + " traces");
        }
        Values temperatures = optional("temperature", rows);
        Values advantages = optional("advantage", rows);
        for (int i = 0; i < rows; i++) {
            String where = "trace " + i;
            reader.add(
                    where,
                    new TraceRow(
                            TraceReader.id(
                                    ids.isMissingNode()
                                            ? "row-" + (i + 1)
                                            : ids.get(i).asText(),
                                    where),
                            prompts.ids(promptOffsets[i], promptOffsets[i + 1], where + ": prompt_ids"),
                            responses.ids(responseOffsets[i], responseOffsets[i + 1], where + ": response_ids"),
                            temperatures.count == 0
                                    ? 1
                                    : TraceReader.temperature(temperatures.number(i, where + ": temperature"), where),
                            advantages.count == 0 ? null : advantages.number(i, where + ": advantage")));
        }
        return reader.rows();
    }

    private int[] offsets(String name, int end) {
        Values values = values(name);
        int[] offsets = new int[values.count];
        for (int i = 0; i < offsets.length; i++) {
            long offset = values.whole(i);
            int before = i == 0 ? 0 : offsets[i - 1];
            boolean fits = i == 0 ? offset == 0 : offset >= before && offset <= end;
            if (!fits) {
                throw new BadInputException(name + "[" + i + "] is " + offset
                        + "; expected offsets that start at 0 and ascend to the number of ids, " + end);
            }
            offsets[i] = (int) offset;
        }
        if (offsets.length < 2 || offsets[offsets.length - 1] != end) {
            throw new BadInputException(name + " has " + offsets.length
                    + " values; expected one more than there are traces, the last " + end + ", the number of ids");
        }
        return offsets;
    }

    private Values optional(String name, int rows) {
        if (!header.has(name)) {
            return new Values("F32", 0, data);
        }
        Values values = values(name);
        if (values.count != rows) {
            throw new BadInputException(name + " has " + values.count + " values; expected " + rows + ", one a trace");
        }
        return values;
    }

    private Values values(String name) {
        JsonNode entry = header.path(name);
        String dtype = entry.path("dtype").asText();
        boolean whole = !name.equals("temperature") && !name.equals("advantage");
        int size = (whole ? List.of("I32", "I64") : List.of("F32", "F64")).indexOf(dtype) * 4 + 4;
        JsonNode shape = entry.path("shape");
        JsonNode ends = entry.path("data_offsets");
        if (size > 0 && shape.size() == 1 && shape.path(0).isInt() && ends.size() == 2) {
            long start = ends.path(0).asLong(-1);
            long end = ends.path(1).asLong(-1);
            if (start >= 0
                    && end >= start
                    && end <= data.capacity()
                    && end - start == shape.get(0).longValue() * size) {
                return new Values(
                        dtype,
                        shape.get(0).intValue(),
                        data.slice((int) start, (int) (end - start)).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        throw new BadInputException("the safetensors body has no usable " + name + "; expected one dimension of "
                + (whole ? "I32 or I64" : "F32 or F64") + " within the body");
    }

    /** The values of a tensor. */
    private record Values(String dtype, int count, ByteBuffer bytes) {
        long whole(int i) {
            return dtype.equals("I32") ? bytes.getInt(4 * i) : bytes.getLong(8 * i);
        }

        double number(int i, String name) {
            double value = dtype.equals("F32") ? bytes.getFloat(4 * i) : bytes.getDouble(8 * i);
            if (!Double.isFinite(value)) {
                throw new BadInputException(name + " is " + value + "; expected a finite number");
            }
            return value;
        }

        int[] ids(int start, int end, String name) {
            if (start == end) {
                throw new BadInputException(name + " is empty; expected at least one token");
            }
            int[] ids = new int[end - start];
            for (int i = 0; i < ids.length; i++) {
                long id = whole(start + i);
                if (id < 0 || id > Integer.MAX_VALUE) {
                    throw new BadInputException(name + "[" + i + "] is " + id
                            + "; a token id is a whole number from 0 to " + Integer.MAX_VALUE);
                }
                ids[i] = (int) id;
            }
            return ids;
        }
    }
}
