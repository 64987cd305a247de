package dev.upbeat.app.serve;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The body of a request: its type, and its bytes within the limits. */
final class RequestBody {
    static final String JSON = "application/json";
    static final String SAFETENSORS = "application/x-safetensors";

    private RequestBody() {}

    /**
     * Reads a JSON body.
     *
     * @throws Refusal 415 if the body is of another type or compressed, 408 if it does not arrive
     */
    static byte[] json(Context context, Admission.Place place) {
        requireOneOf(context, List.of(JSON));
        return bytes(context, place);
    }

    /**
     * Reads a request that measures traces, as JSON or as safetensors.
     *
     * @param known names of the fields besides the traces
     * @throws Refusal 415 if the body is of another type or compressed
     */
    static MeasureRequest measure(Context context, Admission.Place place, List<String> known, int mostTokens) {
        String type = requireOneOf(context, List.of(JSON, SAFETENSORS));
        byte[] body = bytes(context, place);
        return type.equals(JSON)
                ? MeasureRequest.read(body, known, mostTokens)
                : SafetensorsRequest.read(body, known, mostTokens);
    }

    /** Whether the answer is safetensors: if the client accepts it by name, or sent it and accepts anything. */
    static boolean answersSafetensors(Context context) {
        String accept = String.valueOf(context.header("Accept")).toLowerCase(Locale.ROOT);
        boolean anything = accept.equals("null") || accept.contains("*/*");
        return accept.contains(SAFETENSORS)
                || (anything
                        && !accept.contains(JSON)
                        && type(context.contentType()).equals(SAFETENSORS));
    }

    private static byte[] bytes(Context context, Admission.Place place) {
        try {
            return place.body(context.req().getInputStream(), context.req().getContentLengthLong());
        } catch (IOException e) {
            throw new Refusal(408, "the body could not be read: the client left or stopped sending");
        }
    }

    private static String type(@Nullable String header) {
        return header == null
                ? ""
                : header.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    }

    private static String requireOneOf(Context context, List<String> types) {
        String header = context.contentType();
        String type = type(header);
        String[] parts =
                header == null ? new String[0] : header.toLowerCase(Locale.ROOT).split(";", 2);
        boolean utf8 = parts.length < 2 || parts[1].strip().replace("\"", "").matches("charset=utf-?8|");
        if (!types.contains(type) || !utf8) {
            throw new Refusal(
                    415,
                    "the content type is not " + String.join(" or ", types) + " in UTF-8; send Content-Type: " + JSON);
        }
        requirePlain(context);
        return type;
    }

    /** Rejects compressed bodies: a few bytes could become gigabytes. */
    private static void requirePlain(Context context) {
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new Refusal(415, "the body is compressed (Content-Encoding); send it uncompressed");
        }
    }
}
