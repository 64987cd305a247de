package dev.upbeat.app.serve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exceptions into answers {@code {"error": message}}. Contents of requests are never logged. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    /** Longest message of an answer, characters. */
    private static final int LONGEST = 2000;

    private Faults() {}

    static void register(RoutesConfig routes) {
        routes.exception(Refusal.class, (e, context) -> {
            if (e.status() == 429 || e.status() == 503) {
                context.header("Retry-After", String.valueOf(Refusal.RETRY_SECONDS));
            }
            answer(context, e.status(), String.valueOf(e.getMessage()));
        });
        routes.exception(BadInputException.class, (e, context) -> answer(context, 400, String.valueOf(e.getMessage())));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> answer(context, e.getStatus(), String.valueOf(e.getMessage())));
        routes.exception(IOException.class, (e, context) -> ownFiles(context, e));
        routes.exception(UncheckedIOException.class, (e, context) -> ownFiles(context, requireNonNull(e.getCause())));
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("a request failed", new Withheld(e));
            answer(context, 500, "the service failed; its log has the reason");
        });
        routes.error(404, context -> answerIfEmpty(context, 404, "there is no such call; see /v1/openapi.json"));
        routes.error(405, context -> answerIfEmpty(context, 405, "this call has another method; see /v1/openapi.json"));
    }

    /** A failure of the service's own files: a client that leaves is noticed where its request is read or answered. */
    private static void ownFiles(Context context, IOException failure) {
        String reason = failure instanceof FileSystemException file ? file.getReason() : null;
        LOG.error("a file of the service could not be read or written: {}", reason, new Withheld(failure));
        answer(context, 500, "the service could not read or write its own files; its log has the reason");
    }

    /** The class and the stack of a failure without its message, which may quote the request. */
    private static final class Withheld extends Exception {
        private static final long serialVersionUID = 1L;

        Withheld(Exception failure) {
            super(failure.getClass().getName());
            setStackTrace(failure.getStackTrace());
        }
    }

    private static void answerIfEmpty(Context context, int status, String message) {
        if (!"application/json".equals(context.res().getContentType())) {
            answer(context, status, message);
        }
    }

    static void answer(Context context, int status, String message) {
        ObjectNode body = JsonReading.mapper().createObjectNode();
        body.put("error", JsonReading.quoted(message, LONGEST));
        context.status(status).contentType("application/json").result(body.toString());
    }
}
