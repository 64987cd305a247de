package dev.upbeat.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A result that one thread writes and another may discard because the process ends. Files are changed under a lock: a
 * write in progress completes first, and nothing is written after {@link #abandon}.
 */
public final class UnfinishedResult implements AutoCloseable {
    private final String name;
    private final Closeable files;
    private final ReentrantLock lock = new ReentrantLock();

    /**
     * @param name of the result, for messages: "run"
     * @param files deletes the result when it is closed, unless it is finished
     */
    public UnfinishedResult(String name, Closeable files) {
        this.name = name;
        this.files = files;
    }

    /** Changes files and returns a value. */
    @FunctionalInterface
    public interface Writing<T> {
        T write() throws IOException;
    }

    /** Writes without interruption by {@link #abandon}. */
    public <T> T write(Writing<T> writing) throws IOException {
        lock.lock();
        try {
            return writing.write();
        } finally {
            lock.unlock();
        }
    }

    /** Deletes the unfinished result, from another thread. The lock is never released. */
    public void abandon() {
        lock.lock();
        try {
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the unfinished " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            files.close();
        } finally {
            lock.unlock();
        }
    }
}
