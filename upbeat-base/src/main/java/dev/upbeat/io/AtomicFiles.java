package dev.upbeat.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Files that appear whole or not at all: written beside their place under a temporary name, forced to disk, then
 * renamed over it.
 */
public final class AtomicFiles {
    private static final SecureRandom RANDOM = new SecureRandom();

    private AtomicFiles() {}

    /** Fills a stream that becomes the file's content. */
    @FunctionalInterface
    public interface Filler {
        void fill(OutputStream out) throws IOException;
    }

    /** Fills a file at the (temporary) path it is given. */
    @FunctionalInterface
    public interface PathFiller {
        void fill(Path temporary) throws IOException;
    }

    /** @throws IOException where the file cannot be written, naming it; an older one then stays as it was */
    public static void writeString(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    public static void write(Path file, Filler filler) throws IOException {
        writePath(file, temporary -> {
            try (OutputStream out =
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                filler.fill(out);
            }
        });
    }

    /**
     * As {@link #write}, for writers that want a path of their own (another process, a database, a file channel).
     *
     * @throws BadInputException if the file is a link, device, pipe or socket, which a rename would replace by a file
     */
    public static void writePath(Path file, PathFiller filler) throws IOException {
        Path absolute = file.toAbsolutePath();
        requireReplaceable(file);
        Path temporary = temporary(absolute);
        try {
            filler.fill(temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw naming(file, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void requireReplaceable(Path file) throws IOException {
        BasicFileAttributes kind;
        try {
            kind = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            return; // nothing is there
        }
        if (kind.isSymbolicLink()) {
            throw new BadInputException(
                    file + ": is a symbolic link, which a file would replace; give the name of the file itself");
        }
        if (kind.isOther()) {
            throw new BadInputException(
                    file + ": is a device, pipe or socket, which a file would replace; expected the name of a file");
        }
    }

    /**
     * Tells before the work whether its result will have a place. Only trying tells: some file systems take no files from
     * anybody, whatever their permissions say.
     *
     * @throws BadInputException if no file can be made there, or a link, device, pipe or socket is in its place
     */
    public static void requireWritable(Path file) throws IOException {
        requireReplaceable(file);
        Path probe = temporary(file.toAbsolutePath());
        try {
            Files.createFile(probe);
        } catch (FileSystemException e) {
            throw new BadInputException(
                    file + ": cannot be written (nothing can be made in " + probe.getParent()
                            + "); choose a place that you may write to",
                    e);
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    private static Path temporary(Path absolute) {
        return absolute.resolveSibling("." + absolute.getFileName() + "." + unique() + ".tmp");
    }

    /** Part of a temporary name that cannot be guessed, so that no link can be placed under it in advance. */
    public static String unique() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(RANDOM.nextLong());
    }

    /** Deletes a directory that this process made under a name of its own, with its content. Links in it are not followed. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : (Iterable<Path>) entries.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(entry);
            }
        }
    }

    /** The failure with the file in its message, because the message of a full disk has none. */
    public static IOException naming(Path file, IOException e) {
        String reason = e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
        return new IOException("cannot write " + file + ": " + reason, e);
    }
}
