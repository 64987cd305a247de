package dev.upbeat.io;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Folders in which a relative path is looked up, in order.
 *
 * @param folders absolute, each once
 */
public record SearchPath(List<Path> folders) {
    private static final Path WORKING_DIRECTORY = Path.of("").toAbsolutePath();

    /** The working directory alone. */
    public static final SearchPath HERE = new SearchPath(List.of(WORKING_DIRECTORY));

    public SearchPath {
        folders = List.copyOf(folders);
    }

    /**
     * The search path of a configuration: the folder of the file that names the path, the working directory, and Upbeat's own
     * folder, which has {@code models} and {@code examples}.
     *
     * @param folder of the file; of a command line the working directory
     * @param home Upbeat's own folder; null if unknown, as in another program
     */
    public static SearchPath from(Path folder, @Nullable String home) {
        Set<Path> folders = new LinkedHashSet<>();
        folders.add(folder.toAbsolutePath().normalize());
        folders.add(WORKING_DIRECTORY);
        if (home != null && !home.isBlank()) {
            folders.add(Path.of(home).toAbsolutePath().normalize());
        }
        return new SearchPath(List.copyOf(folders));
    }

    /**
     * Returns the first file or directory of this name, as the working directory sees it.
     *
     * @return {@code path} itself if it does not exist, or begins in the working directory
     */
    public Path find(Path path) {
        for (Path folder : folders) {
            Path found = folder.resolve(path);
            if (Files.exists(found)) {
                return folder.equals(WORKING_DIRECTORY) ? path : seenFromHere(found.normalize());
            }
        }
        return path;
    }

    private static Path seenFromHere(Path path) {
        return path.startsWith(WORKING_DIRECTORY) && !path.equals(WORKING_DIRECTORY)
                ? WORKING_DIRECTORY.relativize(path)
                : path;
    }

    /** Text for messages about a path that does not exist: " (looked in A, B)"; empty if only one place was possible. */
    public String looked(Path path) {
        return path.isAbsolute() || folders.size() == 1
                ? ""
                : folders.stream().map(Path::toString).collect(Collectors.joining(", ", " (looked in ", ")"));
    }
}
