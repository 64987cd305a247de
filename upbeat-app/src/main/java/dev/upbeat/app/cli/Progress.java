package dev.upbeat.app.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a long command: on a terminal a moving line, {@code label [=====     ] 12/70, 1:05 left}; elsewhere, as in a
 * log, occasional lines, {@code label: 17 % (12/70), 1:05 left}.
 */
final class Progress implements AutoCloseable {
    private static final int BAR = 30;
    private static final long REDRAW_NANOS = 100_000_000;
    private static final long LOG_NANOS = 30_000_000_000L;
    static final String CLEAR_LINE = "\r\033[K";

    private final String label;
    private long total;
    private final @Nullable PrintWriter terminal;
    private final @Nullable PrintWriter log;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private long drawnNanos;
    private long done;
    private long before; // units done before the clock started
    private long loggedPercent;
    private String note = "";

    /** @param terminal null to show nothing */
    Progress(String label, long total, @Nullable PrintWriter terminal, LongSupplier nanoClock) {
        this(label, total, terminal, null, nanoClock);
    }

    /** Progress in separate lines: at most one per percent of the work and one per 30 seconds. */
    static Progress logged(String label, long total, PrintWriter log, LongSupplier nanoClock) {
        return new Progress(label, total, null, log, nanoClock);
    }

    private Progress(
            String label,
            long total,
            @Nullable PrintWriter terminal,
            @Nullable PrintWriter log,
            LongSupplier nanoClock) {
        if (total < 1) {
            throw new IllegalArgumentException(label + ": nothing to do, total is " + total);
        }
        this.label = label;
        this.total = total;
        this.terminal = terminal;
        this.log = log;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.drawnNanos = log == null ? startNanos - REDRAW_NANOS : startNanos;
    }

    /** Counts units that were done earlier: they are not part of the speed. */
    synchronized void begin(long units) {
        before = units;
        done = units;
    }

    /** Counts {@code units} of finished work. May be called by any thread. */
    synchronized void advance(long units) {
        done += units;
        long now = nanoClock.getAsLong();
        if (terminal != null && (now - drawnNanos >= REDRAW_NANOS || done >= total)) {
            drawnNanos = now;
            terminal.print(CLEAR_LINE + line(now - startNanos));
            terminal.flush();
        }
        long percent = 100 * Math.min(done, total) / total;
        if (log != null && now - drawnNanos >= LOG_NANOS && percent > loggedPercent && done < total) {
            drawnNanos = now;
            loggedPercent = percent;
            log.println(label + ": " + percent + " % (" + done + "/" + total + "), " + left(now - startNanos));
            log.flush();
        }
    }

    /** Sets the note after the time left. */
    synchronized void note(String text) {
        note = text;
    }

    /** Shows how far the work is between two units. */
    synchronized void between(String text) {
        long now = nanoClock.getAsLong();
        if (terminal != null && now - drawnNanos >= REDRAW_NANOS) {
            drawnNanos = now;
            terminal.print(CLEAR_LINE + bar() + ", " + text);
            terminal.flush();
        }
        if (log != null && now - drawnNanos >= LOG_NANOS) {
            drawnNanos = now;
            log.println(label + ": " + done + "/" + total + ", " + text);
            log.flush();
        }
    }

    /** Removes {@code units} from the total. */
    synchronized void spare(long units) {
        total -= units;
    }

    /** Clears the line until it is drawn again. */
    synchronized void wipe() {
        if (terminal != null) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    /** Clears the line, so that the next output starts on an empty one. */
    @Override
    public void close() {
        wipe();
    }

    private String line(long elapsedNanos) {
        return bar() + ", " + left(elapsedNanos);
    }

    private String bar() {
        int filled = (int) (BAR * Math.min(done, total) / total);
        return label + " [" + "=".repeat(filled) + " ".repeat(BAR - filled) + "] " + done + "/" + total;
    }

    /** Formats the time left and the note. */
    private String left(long elapsedNanos) {
        long secondsLeft = Math.round((double) elapsedNanos / (done - before) * Math.max(0, total - done) / 1e9);
        return secondsLeft / 60 + ":" + (secondsLeft % 60 < 10 ? "0" : "") + secondsLeft % 60 + " left"
                + (note.isEmpty() ? "" : ", " + note);
    }
}
