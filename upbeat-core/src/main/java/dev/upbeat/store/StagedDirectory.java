package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A directory that appears whole or not at all: filled under a hidden name beside its place, then renamed into it.
 * Closing it before that deletes what was there so far.
 */
public final class StagedDirectory implements AutoCloseable {
    private final Path target;
    private final boolean force;
    private final Path staged;
    private final Deque<Path> createdParents = new ArrayDeque<>();
    private boolean inPlace;

    /**
     * @param target where it shall be; its parents are made where they are missing
     * @param force whether a directory that is there and not empty is replaced
     * @throws BadInputException where the target is taken, or nothing can be written beside it
     */
    public StagedDirectory(Path target, boolean force) throws IOException {
        this.target = resolve(target);
        this.force = force;
        refuseWhatIsThere(target);
        Path parent = this.target.getParent();
        if (parent == null) {
            throw new BadInputException(target + ": is a file system's root; expected a directory below it");
        }
        staged = sibling("tmp");
        try {
            for (Path missing = parent; missing != null && !Files.exists(missing); missing = missing.getParent()) {
                createdParents.addLast(missing);
            }
            Files.createDirectories(parent);
            Files.createDirectory(staged);
        } catch (FileSystemException e) {
            deleteCreatedParents();
            throw new BadInputException(
                    target + ": cannot be made in " + parent + " (" + reason(e)
                            + "); choose a directory that you may write to",
                    e);
        }
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getFile() + " is a file";
        }
        return e.getReason() == null ? "nothing can be made there" : e.getReason();
    }

    private static Path resolve(Path target) throws IOException {
        return Files.exists(target)
                ? target.toRealPath()
                : target.toAbsolutePath().normalize();
    }

    private Path sibling(String kind) {
        long unique = ProcessHandle.current().pid() ^ System.nanoTime() << 20;
        return target.resolveSibling("." + target.getFileName() + "." + Long.toHexString(unique) + "." + kind);
    }

    private void refuseWhatIsThere(Path given) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new BadInputException(given + ": is a file; expected a directory that is empty or not there yet");
        }
        if (!force && Files.exists(target) && !isEmpty(target)) {
            throw new BadInputException(
                    given + ": is not empty; choose another directory, or replace the run in it with --force");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Where the content goes meanwhile. */
    public Path path() {
        return staged;
    }

    /**
     * Renames the directory into its place.
     *
     * @param replaceable which names of a directory that is replaced go with it; any others are kept
     * @return the place
     */
    public Path moveIntoPlace(Predicate<String> replaceable) throws IOException {
        boolean replaces = Files.exists(target) && !isEmpty(target);
        if (replaces && !force) {
            throw new DirectoryNotEmptyException(target + " (it was empty or not there when this run began)");
        }
        if (replaces) {
            replace(replaceable);
        } else {
            Files.deleteIfExists(target);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        }
        inPlace = true;
        return target;
    }

    /** Two renames: no system that Java runs on exchanges two directories in one portable step. */
    private void replace(Predicate<String> replaceable) throws IOException {
        Path old = sibling("old");
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        for (Path entry : list(old)) {
            if (!replaceable.test(entry.getFileName().toString())) {
                Files.move(entry, target.resolve(entry.getFileName()));
            }
        }
        delete(old);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    @Override
    public void close() throws IOException {
        if (!inPlace) {
            delete(staged);
            deleteCreatedParents();
        }
    }

    /** Those of them that nobody has put anything into since. */
    private void deleteCreatedParents() throws IOException {
        for (Path parent : createdParents) {
            if (Files.exists(parent) && isEmpty(parent)) {
                Files.delete(parent);
            }
        }
        createdParents.clear();
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : (Iterable<Path>) entries.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(entry);
            }
        }
    }
}
