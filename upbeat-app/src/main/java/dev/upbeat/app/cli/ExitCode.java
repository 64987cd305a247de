package dev.upbeat.app.cli;

/** Exit status of the process. */
final class ExitCode {
    static final int DONE = 0;

    /** A failure while running: disk full, connection lost, a defect. */
    static final int FAILED = 1;

    /** Invalid command line, configuration or input; one message was printed. */
    static final int BAD_INPUT = 2;

    /** Interrupted (128 + SIGINT), with the state saved if there was any. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
