package dev.upbeat.app.serve;

import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.Handler;
import io.javalin.http.SameSite;

/** {@code POST /v1/session}: exchanges the token for a cookie that scripts cannot read, for the page. */
final class SessionHandler implements Handler {
    private static final int SECONDS = 86_400;

    @Override
    public void handle(Context context) {
        String header = context.header("Authorization");
        if (header == null) {
            throw new Refusal(401, "the token is missing; send Authorization: Bearer TOKEN");
        }
        String token = header.substring(Guard.BEARER.length()).strip(); // the guard has checked it
        context.cookie(
                new Cookie(Guard.COOKIE, Guard.cookieValue(token), "/", SECONDS, false, true, null, SameSite.STRICT));
        context.status(204);
    }
}
