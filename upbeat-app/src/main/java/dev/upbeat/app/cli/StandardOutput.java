package dev.upbeat.app.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Standard output that reports failures. The writers around it swallow an {@link IOException}, so that a full disk would
 * look like success; this class throws an unchecked exception instead. It does so once; text that is still buffered is then
 * dropped.
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

    /** The reader of the output has closed its end. */
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
            // EPIPE has no exception class; the launcher makes sure that the message is in English.
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new ReaderGone(e);
            }
            throw new UncheckedIOException("cannot write to standard output: " + e.getMessage(), e);
        }
    }
}
