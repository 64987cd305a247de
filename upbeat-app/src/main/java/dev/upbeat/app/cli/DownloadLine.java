package dev.upbeat.app.cli;

import dev.upbeat.hub.DownloadProgress;
import org.jspecify.annotations.Nullable;

/** Shows the progress of each download of a model's files, in MB (10^6 bytes). */
final class DownloadLine implements DownloadProgress, AutoCloseable {
    private static final long MB = 1_000_000;

    private final Start start;
    private @Nullable Progress progress;
    private String shown = "";
    private long doneBytes;

    /** Begins the line of a file, such as {@link CommonOptions#progress}. */
    @FunctionalInterface
    interface Start {
        Progress begin(String label, long total);
    }

    DownloadLine(Start start) {
        this.start = start;
    }

    @Override
    public void advanced(String file, long doneBytes, long totalBytes) {
        boolean anew = !file.equals(shown) || doneBytes < this.doneBytes;
        if (progress == null || anew) {
            close();
            shown = file;
            this.doneBytes = doneBytes;
            // Bytes of an earlier download do not count for the speed of this one.
            progress = start.begin(file + ", MB", Math.max(1, totalBytes / MB - doneBytes / MB));
        }
        long units = doneBytes / MB - this.doneBytes / MB;
        this.doneBytes = doneBytes;
        if (units > 0) {
            progress.advance(units);
        }
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
