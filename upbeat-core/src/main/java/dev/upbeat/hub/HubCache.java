package dev.upbeat.hub;

import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one repository in huggingface_hub's cache: {@code refs/REVISION} holds a commit, {@code blobs/ETAG} the
 * content of a file, {@code snapshots/COMMIT/FILE} links to it.
 */
final class HubCache {
    private final Path cache;
    private final String folder;
    private final boolean symlinks;

    HubCache(HubSettings settings, HubId id) {
        this.cache = settings.cache();
        this.folder = "models--" + id.repository().replace("/", "--");
        this.symlinks = settings.symlinks();
    }

    /** The directory of a commit's files, which may not exist yet. */
    Path snapshot(String commit) {
        return cache.resolve(folder).resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return cache.resolve(folder).resolve("blobs").resolve(etag);
    }

    /** The commit of a revision at its last lookup; null if there was none. */
    @Nullable
    String commit(String revision) throws IOException {
        if (HubId.isCommit(revision)) {
            return revision;
        }
        try {
            String commit = Files.readString(ref(revision)).strip();
            return HubId.isCommit(commit) ? commit : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (FileSystemException e) {
            if (Files.isDirectory(ref(revision))) {
                return null;
            }
            throw e;
        }
    }

    void remember(String revision, String commit) throws IOException {
        if (!commit.equals(commit(revision))) {
            Files.createDirectories(ref(revision).getParent());
            AtomicFiles.writeString(ref(revision), commit);
        }
    }

    /**
     * Locks this repository for additions. It does not exclude huggingface_hub, whose locks are of another kind (flock);
     * both write under temporary names and rename.
     */
    ProcessLock lock() throws IOException {
        return ProcessLock.acquire(cache.resolve(".locks").resolve(folder).resolve("upbeat.lock"));
    }

    /**
     * Makes {@code snapshots/COMMIT/FILE} show a blob: by a relative symbolic link, or without links by moving a new blob
     * or copying one that other snapshots may link to.
     */
    void link(Path blob, boolean isNew, Path pointer) throws IOException {
        Files.createDirectories(pointer.getParent());
        if (symlinks && symlink(blob, pointer)) {
            return;
        }
        if (isNew) {
            Files.move(blob, pointer, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            AtomicFiles.writePath(pointer, temporary -> Files.copy(blob, temporary));
        }
    }

    private static boolean symlink(Path blob, Path pointer) throws IOException {
        Path directory = Objects.requireNonNull(pointer.getParent());
        if (Files.isSymbolicLink(pointer)) {
            Files.delete(pointer); // it leads to a blob that is gone
        }
        try {
            Files.createSymbolicLink(pointer, directory.relativize(blob));
            return true;
        } catch (FileAlreadyExistsException e) {
            return true; // another program was faster
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false;
        }
    }

    private Path ref(String revision) {
        return cache.resolve(folder).resolve("refs").resolve(revision);
    }
}
