package dev.upbeat.task.endpoint;

/** A reward endpoint or a judge gives no answer, so nothing is scored. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    /** @param mayPass whether trying again later may help: true if the endpoint is down or busy */
    public UnavailableException(String message, boolean mayPass) {
        super(message);
        this.mayPass = mayPass;
    }

    /** Whether trying again later may help. */
    public boolean mayPass() {
        return mayPass;
    }
}
