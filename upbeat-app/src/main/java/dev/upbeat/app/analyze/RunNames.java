package dev.upbeat.app.analyze;

import java.nio.file.Path;
import java.util.List;

/** Short names of run directories: as many names from the end of their paths as make them differ. */
final class RunNames {
    private RunNames() {}

    /** @param directories all different */
    static List<String> of(List<Path> directories) {
        List<Path> whole = directories.stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .toList();
        int longest = whole.stream().mapToInt(Path::getNameCount).max().orElseThrow();
        for (int names = 1; names <= longest; names++) {
            int last = names;
            List<String> shortened = whole.stream()
                    .map(path -> path.subpath(Math.max(0, path.getNameCount() - last), path.getNameCount())
                            .toString())
                    .toList();
            if (shortened.stream().distinct().count() == whole.size()) {
                return shortened;
            }
        }
        throw new IllegalArgumentException("a directory is given twice: " + directories);
    }
}
