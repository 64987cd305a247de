package dev.upbeat.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock between processes and between threads, by a file; the system's file locks do not work between threads. */
final class ProcessLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProcessLock.class);
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private ProcessLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /** Waits for the lock. Creates the file if necessary; it is not deleted. */
    static ProcessLock acquire(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        ReentrantLock thread = THREADS.computeIfAbsent(file.toAbsolutePath(), path -> new ReentrantLock());
        try {
            thread.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(file);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                log.info("Waiting for another process to release {}.", file);
                channel.lock();
            }
            return new ProcessLock(thread, channel);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            thread.unlock();
            throw e instanceof FileLockInterruptionException ? interrupted(file) : e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.unlock();
        }
    }

    private static InterruptedIOException interrupted(Path file) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Interrupted while waiting for " + file + ".");
    }
}
