package dev.upbeat.task.endpoint;

/** No verdict is available for a response, so it has no reward. */
public final class RewardUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayPass;

    /** @param mayPass whether trying again later may help: the endpoint is down or busy, and has not refused */
    RewardUnavailableException(String message, boolean mayPass) {
        super(message);
        this.mayPass = mayPass;
    }

    /** Whether trying again later may help. */
    public boolean mayPass() {
        return mayPass;
    }
}
