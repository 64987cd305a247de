package dev.upbeat.app.serve;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The body of a request: its type, and its bytes within the limits. */
final class RequestBody {
    private static final String JSON = "application/json";

    private RequestBody() {}

    /**
     * Reads a JSON body.
     *
     * @throws Refusal 415 if the body is of another type or compressed
     */
    static byte[] json(Context context, Admission.Place place) throws IOException {
        requireJson(context.contentType());
        requirePlain(context);
        return place.body(context.req().getInputStream(), context.req().getContentLengthLong());
    }

    private static void requireJson(@Nullable String type) {
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", 2);
        boolean utf8 = parts.length == 1 || parts[1].strip().replace("\"", "").matches("charset=utf-?8|");
        if (!parts[0].strip().equals(JSON) || !utf8) {
            throw new Refusal(415, "the content type is not " + JSON + " in UTF-8; send Content-Type: " + JSON);
        }
    }

    /** Rejects compressed bodies: a few bytes could become gigabytes. */
    static void requirePlain(Context context) {
        String encoding = context.header("Content-Encoding");
        if (encoding != null && !encoding.strip().equalsIgnoreCase("identity")) {
            throw new Refusal(415, "the body is compressed (Content-Encoding); send it uncompressed");
        }
    }
}
