package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A directory whose content clients may name. Every path is resolved, symlinks included, and must end inside; a file is
 * resolved again after it has been opened.
 */
final class ServedRoot {
    private final Path root;
    private final String option;

    /**
     * @param root an existing directory
     * @param option that gave the directory, for messages
     */
    ServedRoot(Path root, String option) throws IOException {
        this.root = root.toRealPath();
        this.option = option;
    }

    /**
     * The real path that a client names, relative to the root or absolute.
     *
     * @throws Refusal 403 if it is outside, whether it exists or not
     * @throws BadInputException if there is no such path
     */
    Path resolve(String given) throws IOException {
        Path path;
        try {
            path = root.resolve(given).normalize();
        } catch (InvalidPathException e) {
            throw new BadInputException("the path cannot be a path here: " + e.getReason(), e);
        }
        Path absolute = path;
        if (!absolute.startsWith(root)) {
            throw outside();
        }
        return real(absolute);
    }

    /** @throws Refusal 403 if the path leads outside the root */
    private Path real(Path path) throws IOException {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(root)) {
                throw outside();
            }
            return real;
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new BadInputException("there is no " + root.relativize(path) + " in " + option, e);
        } catch (FileSystemException e) { // such as a loop of symlinks, or a name that is too long
            throw new BadInputException(
                    root.relativize(path) + " in " + option + " cannot be read: "
                            + (e.getReason() == null ? "access denied" : e.getReason()),
                    e);
        }
    }

    /**
     * Opens a regular file for reading.
     *
     * @throws Refusal 403 if it leads outside the root
     */
    FileChannel open(Path file) throws IOException {
        Path real = real(file);
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException(root.relativize(file) + " is not a regular file; expected one");
        }
        FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            real(real); // a directory above may have been replaced by a symlink meanwhile
            return channel;
        } catch (RuntimeException | IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Directories inside, relative to the root with {@code /}, sorted. Symlinks are not followed, and directories that cannot be
     * read are left out.
     *
     * @param depth of the deepest below the root
     * @param most number of directories that are returned
     */
    List<String> directories(int depth, int most, Predicate<Path> wanted) throws IOException {
        List<String> found = new ArrayList<>();
        Files.walkFileTree(root, Set.of(), depth + 1, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                if (wanted.test(directory)) {
                    found.add(
                            directory.equals(root)
                                    ? "."
                                    : root.relativize(directory).toString().replace(File.separatorChar, '/'));
                }
                return found.size() < most ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted().toList();
    }

    private Refusal outside() {
        return new Refusal(403, "the path leads outside " + option + "; give one inside it");
    }
}
