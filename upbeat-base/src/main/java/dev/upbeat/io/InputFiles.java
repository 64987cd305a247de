package dev.upbeat.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads files of the user. Only regular files of limited size that are not Git LFS pointers are accepted. */
public final class InputFiles {
    /** Size limit of settings files (config.json, an index, heads.json), bytes. The largest known one has 2 MB. */
    public static final long SETTINGS_BYTES = 32L << 20;

    private static final int POINTER_BYTES = 1024; // the specification's limit
    private static final Pattern POINTER = Pattern.compile(
            "version https://git-lfs\\.github\\.com/spec/v\\d+\\n(?s:.*)^size (\\d+)$", Pattern.MULTILINE);

    private InputFiles() {}

    /**
     * Rejects everything but regular files: a pipe would wait for its writer, and a device has no end.
     *
     * @param file file to check; a missing file passes, because reading it reports the error
     * @throws BadInputException if the name is empty, or the file is a directory, pipe, device or socket, or a Git LFS pointer
     */
    public static void check(Path file) {
        if (file.toString().isEmpty()) {
            throw new BadInputException("the file's name is empty; expected the path of a file");
        }
        if (!Files.exists(file)) {
            return;
        }
        if (!Files.isRegularFile(file)) {
            String kind = Files.isDirectory(file) ? "a directory" : "a pipe, device or socket";
            throw new BadInputException(file + ": is " + kind
                    + "; expected a regular file. Give the path of a file, or write the content to one.");
        }
        try {
            if (Files.size(file) < POINTER_BYTES) {
                checkPointer(file);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void checkPointer(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(POINTER_BYTES), StandardCharsets.ISO_8859_1);
            Matcher pointer = POINTER.matcher(text);
            if (pointer.lookingAt()) {
                throw new BadInputException(
                        file + ": is a Git LFS pointer to a file of " + pointer.group(1)
                                + " bytes; expected that file itself. Run git lfs pull in its repository, or download the file.");
            }
        }
    }

    /**
     * Returns the whole content.
     *
     * @throws BadInputException as {@link #check}, or if the file is missing, not readable or longer than {@code limit}
     */
    public static byte[] bytes(Path file, long limit) {
        check(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(limit + 1)); // the size that the system reports may be wrong
            if (bytes.length > limit) {
                throw new BadInputException(file + ": has " + Math.max(Files.size(file), bytes.length)
                        + " bytes; expected at most " + limit + ". Check that it is the right file.");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Returns the whole content as UTF-8 text; see {@link #bytes}. */
    public static String text(Path file, long limit) {
        byte[] bytes = bytes(file, limit);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadInputException(
                    file + " is not UTF-8 text. " + Remedy.ofDamaged(file, "Fetch the file again."), e);
        }
    }

    /** The exception for a file that cannot be read. */
    public static BadInputException unreadable(Path file, IOException reason) {
        String what = reason instanceof NoSuchFileException
                ? "there is no such file"
                : reason instanceof AccessDeniedException ? "permission denied" : String.valueOf(reason.getMessage());
        return new BadInputException(file + " cannot be read: " + what + ". Give the path of a readable file.", reason);
    }
}
