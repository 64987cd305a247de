package dev.upbeat.app.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One line on the terminal that shows how far a long command is: {@code label [=====>    ] 12/70, 1:05 left}. */
final class Progress implements AutoCloseable {
    private static final int BAR = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String CLEAR_LINE = "\r\033[K";

    private final String label;
    private long total;
    private final @Nullable PrintWriter terminal;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long drawnNanos;
    private long done;
    private String note = "";

    /** @param terminal null where nothing is to be seen */
    Progress(String label, long total, @Nullable PrintWriter terminal, LongSupplier nanoClock) {
        if (total < 1) {
            throw new IllegalArgumentException(label + ": nothing to do, total is " + total);
        }
        this.label = label;
        this.total = total;
        this.terminal = terminal;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.drawnNanos = startNanos - REDRAW_NANOS;
    }

    /** Another {@code units} of work are done. Any thread may say so. */
    synchronized void advance(long units) {
        done += units;
        long now = nanoClock.getAsLong();
        if (terminal != null && (now - drawnNanos >= REDRAW_NANOS || done >= total)) {
            drawnNanos = now;
            terminal.print(CLEAR_LINE + line(now - startNanos));
            terminal.flush();
        }
    }

    /** Stands behind the time left from now on. */
    synchronized void note(String text) {
        note = text;
    }

    /** {@code units} of the total need not be done after all. */
    synchronized void spare(long units) {
        total -= units;
    }

    /** Wipes the line, until it is drawn again. */
    synchronized void wipe() {
        if (terminal != null) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    /** Wipes the line, so that what is printed next starts on a clean one. */
    @Override
    public void close() {
        wipe();
    }

    private String line(long elapsedNanos) {
        int filled = (int) (BAR * Math.min(done, total) / total);
        long secondsLeft = Math.round((double) elapsedNanos / done * Math.max(0, total - done) / 1e9);
        return label + " [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + done + "/" + total + ", "
                + secondsLeft / 60 + ":" + (secondsLeft % 60 < 10 ? "0" : "") + secondsLeft % 60 + " left"
                + (note.isEmpty() ? "" : ", " + note);
    }
}
