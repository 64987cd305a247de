package dev.upbeat.app.serve;

import dev.upbeat.app.report.LivePage;
import dev.upbeat.app.report.LivePage.PageFile;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The live page: {@code GET /} and the files that it loads. They have no data, so they need no token. */
final class PageHandler implements Handler {
    private static final Pattern FILE = Pattern.compile(LivePage.PATH + "(live/)?[a-z]+\\.(js|css)");

    @Override
    public void handle(Context context) {
        PageFile file = isDocument(context) ? LivePage.document() : asked(context);
        if (file == null) {
            throw new Refusal(404, "the page has no such file");
        }
        context.header("Content-Security-Policy", LivePage.POLICY)
                .contentType(file.type())
                .result(file.bytes());
    }

    /** Whether a request is for the page and nothing else; stricter than the routes. */
    static boolean isPage(Context context) {
        return context.method().name().equals("GET")
                && (isDocument(context) || FILE.matcher(context.path()).matches());
    }

    private static boolean isDocument(Context context) {
        return context.path().equals("/");
    }

    private static @Nullable PageFile asked(Context context) {
        return LivePage.file(context.path().substring(LivePage.PATH.length()));
    }
}
