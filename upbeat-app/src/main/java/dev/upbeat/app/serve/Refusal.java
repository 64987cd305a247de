package dev.upbeat.app.serve;

/** Refuses a request with an HTTP status other than 400. Bad input in a request is a {@code BadInputException}. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Seconds after which a refused client should try again. */
    static final int RETRY_SECONDS = 1;

    private final int status;

    Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /** 429: the service is busy, and the same request may succeed later. */
    static Refusal busy(String message) {
        return new Refusal(429, message + "; try again after " + RETRY_SECONDS + " s (Retry-After)");
    }

    int status() {
        return status;
    }
}
