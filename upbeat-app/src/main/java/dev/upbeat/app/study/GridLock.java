package dev.upbeat.app.study;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.OwnEntries;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two processes from running a grid in one directory. */
public final class GridLock implements AutoCloseable {
    private final FileChannel lock;

    private GridLock(FileChannel lock) {
        this.lock = lock;
    }

    /** @throws BadInputException where another process runs the grid */
    public static GridLock hold(Path directory) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new BadInputException(directory + ": is a file; expected a grid's directory, or one not there yet");
        }
        Files.createDirectories(directory);
        Path file = directory.resolve(".lock");
        OwnEntries.requireFile(file);
        FileChannel lock =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        if (lock.tryLock() == null) {
            lock.close();
            throw new BadInputException(
                    directory + ": another process runs the grid in it; wait for its end, or choose another --out");
        }
        return new GridLock(lock);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
