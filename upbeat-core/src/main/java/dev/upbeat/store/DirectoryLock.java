package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reserves a directory for the one process that trains, or runs a grid, in it. The lock's file stays in the directory. */
public final class DirectoryLock implements AutoCloseable {
    static final String FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param held message if another process, or this one, holds the directory: "another process is training in it; .."
     * @throws BadInputException if the directory is held
     */
    public static DirectoryLock hold(Path directory, String held) throws IOException {
        Path file = directory.resolve(FILE);
        EntryKind.requireFile(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        if (tryLock(channel)) {
            return new DirectoryLock(channel);
        }
        channel.close();
        throw new BadInputException(directory + ": " + held);
    }

    /** Whether a process holds a directory. */
    public static boolean isHeld(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        EntryKind.requireFile(file);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            return !tryLock(channel);
        }
    }

    /** Locks a file; false if another process, or this one, holds it. */
    static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
