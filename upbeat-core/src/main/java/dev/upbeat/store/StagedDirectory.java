package dev.upbeat.store;

import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory that appears complete or not at all: it is filled under a hidden name beside its place and then renamed. Closing
 * it before that deletes it. Until it is closed no other process can take the place. Hidden directories that killed
 * processes have left beside the place are deleted first.
 */
public final class StagedDirectory implements AutoCloseable {
    private static final Pattern LEFTOVER =
            Pattern.compile("\\.(?<name>.+)\\.(?<process>\\d{1,18})-[0-9a-f]{1,16}\\.tmp");

    private final Path target;
    private final @Nullable KnownEntries replaced;
    private final WriterLock lock;
    private final Path staged;
    private final Deque<Path> createdParents = new ArrayDeque<>();
    private boolean inPlace;

    /**
     * @param target final place; missing parents are made
     * @param replaced kind of directory that may be replaced; null if the target must be empty
     * @throws BadInputException if the target is taken, another process is making it, replacing it would delete an entry of the
     *     user, or nothing can be written beside it
     */
    public StagedDirectory(Path target, @Nullable KnownEntries replaced) throws IOException {
        this.target = resolve(target);
        this.replaced = replaced;
        refuseWhatIsThere(target);
        Path parent = this.target.getParent();
        if (parent == null) {
            throw new BadInputException(target + ": is a file system's root; expected a directory below it");
        }
        staged = sibling("tmp");
        WriterLock held = null;
        try {
            for (Path missing = parent; missing != null && !Files.exists(missing); missing = missing.getParent()) {
                createdParents.addLast(missing);
            }
            Files.createDirectories(parent);
            held = WriterLock.holdPlace(this.target, target);
            refuseWhatIsThere(target); // again, because the lock's last holder may have made it
            deleteLeftovers(parent);
            Files.createDirectory(staged);
        } catch (FileSystemException e) {
            giveUp(held);
            throw new BadInputException(
                    target + ": cannot be created in " + parent + " (" + reason(e)
                            + "); choose a directory that you may write to",
                    e);
        } catch (IOException | RuntimeException e) { // the place is taken, or the disk is full
            giveUp(held);
            throw e;
        }
        lock = held;
    }

    /** Deletes the hidden directories of processes that were killed: no process holds their places. */
    private static void deleteLeftovers(Path parent) throws IOException {
        for (Path entry : list(parent)) {
            Matcher name = LEFTOVER.matcher(String.valueOf(entry.getFileName()));
            if (!name.matches()
                    || !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    || ProcessHandle.of(Long.parseLong(name.group("process"))).isPresent()) {
                continue;
            }
            Path place = parent.resolve(name.group("name"));
            try (WriterLock held = WriterLock.holdPlace(place, place)) {
                AtomicFiles.deleteTree(entry);
            } catch (BadInputException | IOException e) {
                // a process of another machine holds the place, or the directory cannot be deleted: it blocks nothing
            }
        }
    }

    private void giveUp(@Nullable WriterLock held) throws IOException {
        if (held != null) {
            held.close();
        }
        deleteCreatedParents();
    }

    private static String reason(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return e.getFile() + " is a file";
        }
        return e.getReason() == null ? "nothing can be created there" : e.getReason();
    }

    /** A link that the user names is resolved once, here. */
    private static Path resolve(Path target) throws IOException {
        if (Files.exists(target)) {
            return target.toRealPath();
        }
        if (Files.isSymbolicLink(target)) {
            throw new BadInputException(target + ": is a link to " + Files.readSymbolicLink(target)
                    + ", which does not exist; create that directory, or choose another one");
        }
        return target.toAbsolutePath().normalize();
    }

    private Path sibling(String kind) {
        return target.resolveSibling("." + target.getFileName() + "." + AtomicFiles.unique() + "." + kind);
    }

    private void refuseWhatIsThere(Path given) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new BadInputException(given + ": is a file; expected an empty or new directory");
        }
        if (!Files.exists(target) || isEmpty(target)) {
            return;
        }
        if (replaced == null) {
            throw new BadInputException(
                    given + ": is not empty; choose another directory, or replace the run in it with --force");
        }
        replaced.requireReplaceable(target);
        if (WriterLock.isHeld(target)) {
            throw new BadInputException(
                    given + ": another process is training in it; wait until it ends, or choose another directory");
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** The hidden directory to fill. */
    public Path path() {
        return staged;
    }

    /**
     * Renames the directory to its final place.
     *
     * @return the final place
     * @throws BadInputException if something has been put there in the meantime
     */
    public Path moveIntoPlace() throws IOException {
        refuseWhatIsThere(target);
        if (Files.exists(target) && !isEmpty(target)) {
            replace(Objects.requireNonNull(replaced, "else it is refused"));
        } else {
            Files.deleteIfExists(target);
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        }
        inPlace = true;
        return target;
    }

    /** Replaces the target by two renames, because Java has no portable way to exchange two directories in one step. */
    private void replace(KnownEntries entries) throws IOException {
        Path old = sibling("old");
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        for (Path entry : list(old)) {
            if (!entries.isOwn(entry)) {
                Files.move(entry, target.resolve(entry.getFileName()));
            }
        }
        entries.deleteAll(old);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            if (!inPlace) {
                AtomicFiles.deleteTree(staged);
            }
        }
        if (!inPlace) {
            deleteCreatedParents();
        }
    }

    /** Deletes the parents that are still empty. */
    private void deleteCreatedParents() throws IOException {
        for (Path parent : createdParents) {
            if (Files.exists(parent) && isEmpty(parent)) {
                Files.delete(parent);
            }
        }
        createdParents.clear();
    }
}
