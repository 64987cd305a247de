package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;

/**
 * Prevents two processes from making the same directory or file, by a lock on the hidden file {@code .NAME.lock} beside it. The
 * system releases the lock of a process that was killed, so a file left behind by such a process blocks nothing.
 */
public final class PlaceLock implements AutoCloseable {
    private static final int MOST_BYTES = 1 << 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final FileChannel channel;

    private PlaceLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * @param place absolute; its parent exists
     * @param given the place as the user named it, for messages
     * @throws BadInputException if another process, or this one, holds the place
     */
    public static PlaceLock hold(Path place, Path given) throws IOException {
        Path file = place.resolveSibling("." + place.getFileName() + ".lock");
        while (true) {
            EntryKind.requireFile(file);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (!DirectoryLock.tryLock(channel)) {
                channel.close();
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
                new PlaceLock(file, channel).close();
                throw AtomicFiles.naming(file, e);
            }
            if (length == size(file)) {
                return new PlaceLock(file, channel);
            }
            channel.close(); // its last holder deleted the file before we locked it
        }
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
            if (channel.isOpen()) {
                Files.deleteIfExists(file);
            }
        } catch (FileSystemException e) {
            // the system deletes no open files, or the directory was deleted: a file left behind blocks nothing
        }
    }
}
