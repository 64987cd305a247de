package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import io.javalin.http.Context;

/** A whole number in the query of a URL. */
final class QueryNumber {
    private QueryNumber() {}

    /** @throws BadInputException if the value is not a whole number from 0 */
    static long of(Context context, String name, long absent) {
        String given = context.queryParam(name);
        if (given == null) {
            return absent;
        }
        if (!given.matches("\\d{1,18}")) {
            throw new BadInputException(
                    name + " is '" + JsonReading.quoted(given, 40) + "'; expected a whole number from 0");
        }
        return Long.parseLong(given);
    }
}
