package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Prevents two processes from writing the same directory or file, by a lock on a hidden file. The system releases the lock
 * of a process that was killed, so a file left behind by such a process blocks nothing.
 */
public final class WriterLock implements AutoCloseable {
    /** The file in a directory that is held by {@link #hold}; it stays. */
    static final String FILE = ".lock";

    private static final int MOST_BYTES = 1 << 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Times that {@link #hold} tries: {@link #isHeld} of another process locks the file for a moment. */
    private static final int TRIES = 3;

    private static final long PAUSE_MS = 20;

    /** Directories that this process holds by {@link #hold}, real paths. */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final @Nullable Path deletedAtEnd;
    private final @Nullable Path heldHere;

    private WriterLock(FileChannel channel, @Nullable Path deletedAtEnd) {
        this(channel, deletedAtEnd, null);
    }

    private WriterLock(FileChannel channel, @Nullable Path deletedAtEnd, @Nullable Path heldHere) {
        this.channel = channel;
        this.deletedAtEnd = deletedAtEnd;
        this.heldHere = heldHere;
    }

    /**
     * Reserves an existing directory for the one process that trains, or runs a grid, in it.
     *
     * @param held message if another process, or this one, holds the directory: "another process is training in it; .."
     * @throws BadInputException if the directory is held
     */
    public static WriterLock hold(Path directory, String held) throws IOException {
        for (int tries = 1; ; tries++) {
            WriterLock lock = tryHold(directory);
            if (lock != null) {
                return lock;
            }
            if (tries == TRIES) {
                throw new BadInputException(directory + ": " + held);
            }
            pause();
        }
    }

    private static synchronized @Nullable WriterLock tryHold(Path directory) throws IOException {
        FileChannel channel = isHeldHere(directory)
                ? null
                : tryLock(
                        directory.resolve(FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
        if (channel == null) {
            return null;
        }
        Path real = directory.toRealPath();
        HERE.add(real);
        return new WriterLock(channel, null, real);
    }

    /** Whether this process holds a directory by {@link #hold}. */
    private static boolean isHeldHere(Path directory) throws IOException {
        return HERE.contains(directory.toRealPath());
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while a lock was awaited");
        }
    }

    /** Whether a process holds a directory by {@link #hold}. */
    public static synchronized boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (isHeldHere(directory)) { // opening and closing the file would release the lock
            return true;
        }
        try (FileChannel channel = tryLock(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return channel == null;
        }
    }

    /**
     * Reserves a directory or file that may not exist yet, by the file {@code .NAME.lock} beside it.
     *
     * @param place absolute; its parent exists
     * @param given the place as the user named it, for messages
     * @throws BadInputException if another process, or this one, holds the place
     */
    public static WriterLock holdPlace(Path place, Path given) throws IOException {
        Path file = place.resolveSibling("." + place.getFileName() + ".lock");
        while (true) {
            FileChannel channel =
                    tryLock(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (channel == null) {
                throw new BadInputException(given + ": another process is writing it (it holds " + file
                        + "); wait until it ends, or choose another place");
            }
            // A random length shows whether the path still names the locked file. Opening and closing the file again
            // would release the lock.
            int length = 1 + RANDOM.nextInt(MOST_BYTES);
            try {
                channel.truncate(0);
                channel.write(ByteBuffer.allocate(1), length - 1L);
            } catch (IOException e) { // a full disk, or a limit on the size of files
                new WriterLock(channel, file).close();
                throw AtomicFiles.naming(file, e);
            }
            if (length == size(file)) {
                return new WriterLock(channel, file);
            }
            channel.close(); // its last holder deleted the file before we locked it
        }
    }

    /** Opens and locks a file; null if another process, or this one, holds it. */
    private static @Nullable FileChannel tryLock(Path file, OpenOption... options) throws IOException {
        EntryKind.requireFile(file);
        FileChannel channel = FileChannel.open(file, options);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // this process holds it
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (deletedAtEnd != null && channel.isOpen()) {
                Files.deleteIfExists(deletedAtEnd);
            }
        } catch (FileSystemException e) {
            // the system deletes no open files, or the directory was deleted: a file left behind blocks nothing
        } finally {
            if (heldHere != null) {
                HERE.remove(heldHere);
            }
        }
    }
}
