package dev.upbeat.task.endpoint;

import dev.upbeat.io.BadInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * A reward endpoint or a judge, with the limits of requests to it.
 *
 * @param url http or https
 * @param timeoutSeconds of one request with its answer, 1 to 3,600
 * @param retries of one request after the first attempt, 0 to 20
 * @param concurrency requests at a time, 1 to 256
 * @param firstPause before the first retry; doubled for each further one
 */
public record EndpointSettings(
        Service service, URI url, int timeoutSeconds, int retries, int concurrency, Duration firstPause) {
    public static final int TIMEOUT_SECONDS = 60;
    public static final int RETRIES = 5;
    public static final int CONCURRENCY = 8;

    private static final int MOST_PORT = 65_535;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    public EndpointSettings {
        requireRange("timeout", timeoutSeconds, 1, 3_600, "seconds");
        requireRange("retries", retries, 0, 20, "retries");
        requireRange("concurrency", concurrency, 1, 256, "requests at a time");
    }

    /** @throws BadInputException if the text is not such an address, or a number is out of range */
    public static EndpointSettings of(Service service, String url, int timeoutSeconds, int retries, int concurrency) {
        return new EndpointSettings(service, address(service, url), timeoutSeconds, retries, concurrency, FIRST_PAUSE);
    }

    /** The same settings with another address. */
    EndpointSettings withUrl(URI other) {
        return new EndpointSettings(service, other, timeoutSeconds, retries, concurrency, firstPause);
    }

    /** The service and its address, for messages. */
    public String name() {
        return service.title() + " " + url;
    }

    private static URI address(Service service, String url) {
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
                throw wrong(service, url);
            }
            if (uri.getPort() == 0 || uri.getPort() > MOST_PORT) {
                throw new BadInputException(
                        "endpoint " + url + ": port " + uri.getPort() + "; expected 1 to " + MOST_PORT);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw wrong(service, url);
        }
    }

    private static BadInputException wrong(Service service, String url) {
        return new BadInputException("endpoint " + url + ": expected an address such as " + service.example()
                + ", without user and password (" + service.secret() + " in the environment is sent as bearer token)");
    }

    private static void requireRange(String name, int value, int least, int most, String unit) {
        if (value < least || value > most) {
            throw new BadInputException(name + " " + value + ": expected " + least + " to " + most + " " + unit);
        }
    }
}
