package dev.upbeat.checkpoint;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that the user named and that the system does not let us read. */
final class Unreadable {
    private Unreadable() {}

    static BadInputException because(Path file, IOException reason) {
        String what = reason instanceof NoSuchFileException
                ? "there is no such file"
                : reason instanceof AccessDeniedException ? "permission denied" : String.valueOf(reason.getMessage());
        return new BadInputException(file + " cannot be read: " + what + ". Give the path of a readable file.", reason);
    }
}
