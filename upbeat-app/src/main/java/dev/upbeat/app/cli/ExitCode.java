package dev.upbeat.app.cli;

/** What the process says to the program that started it. */
final class ExitCode {
    static final int DONE = 0;

    /** It failed while running: disk full, peer gone, a defect. */
    static final int FAILED = 1;

    /** The command line, the configuration or an input cannot be used; one message said so. */
    static final int BAD_INPUT = 2;

    /** It was told to stop (128 + SIGINT), and saved what there was to save. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
