package dev.upbeat.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Standard output that does not lose a failure. The writers around it swallow an {@link IOException}, and a full disk
 * would pass for success; so it throws what they let through. It does so once: what is still in some buffer then
 * is dropped.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream file;
    private boolean failed;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream file) {
        this.file = new BufferedOutputStream(file);
    }

    /** The program that read our output has closed its end. */
    static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReaderGone(IOException cause) {
            super(cause);
        }
    }

    @Override
    public void write(int b) {
        attempt(() -> file.write(b));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        attempt(() -> file.write(bytes, offset, length));
    }

    @Override
    public void flush() {
        attempt(file::flush);
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private void attempt(Write write) {
        if (failed) {
            return;
        }
        try {
            write.run();
        } catch (IOException e) {
            failed = true;
            // EPIPE has no exception of its own; the launcher sees to it that the message is in English.
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new ReaderGone(e);
            }
            throw new UncheckedIOException("cannot write to standard output: " + e.getMessage(), e);
        }
    }
}
