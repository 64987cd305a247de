package dev.upbeat.app.cli;

/**
 * Lets a command clean up when the process is interrupted (SIGINT, SIGTERM). Without it the JVM stops at once, which is
 * right for a command that has nothing to clean up.
 *
 * <pre>{@code
 * try (Work work = begin();
 *         Interruption interruption = Interruption.cleaningUpBy(work::abandon)) {
 *     work.run();
 * }
 * }</pre>
 */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Runnable cleanUp) {
        hook = new Thread(cleanUp, "interruption");
    }

    /**
     * @param cleanUp called after the signal in another thread, while the command continues; when it returns, the JVM ends
     *     with the signal's status (130 for SIGINT)
     */
    static Interruption cleaningUpBy(Runnable cleanUp) {
        Interruption interruption = new Interruption(cleanUp);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Removes the cleanup. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal has arrived: the hook runs, and the JVM ends after it.
        }
    }
}
