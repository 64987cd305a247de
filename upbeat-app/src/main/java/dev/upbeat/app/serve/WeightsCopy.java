package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private copy of a client's checkpoint. The client may change or delete its files at any time, and a mapped file that
 * shrinks would kill the process.
 */
final class WeightsCopy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsCopy.class);

    private final Path directory;

    private WeightsCopy(Path directory) {
        this.directory = directory;
    }

    /**
     * Copies the configuration and the safetensors files of a directory.
     *
     * @param from a directory inside the root
     * @throws BadInputException if a file is not regular, or there is not enough disk space
     */
    static WeightsCopy of(Path from, ServedRoot root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from, "*.{json,safetensors}")) {
            entries.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        WeightsCopy copy = new WeightsCopy(Files.createTempDirectory("upbeat-weights-"));
        try {
            for (Path file : files) {
                try (FileChannel in = root.open(file)) {
                    copy.add(String.valueOf(file.getFileName()), in);
                }
            }
            return copy;
        } catch (RuntimeException | IOException e) {
            copy.close();
            throw e;
        }
    }

    private void add(String name, FileChannel in) throws IOException {
        long size = in.size();
        if (size > Files.getFileStore(directory).getUsableSpace()) {
            throw new Refusal(
                    507, name + " has " + size + " bytes, more than is free in the server's temporary directory");
        }
        try (FileChannel out =
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < size; ) {
                long copied = in.transferTo(done, size - done, out);
                if (copied <= 0) {
                    throw new BadInputException(
                            name + " became shorter while it was read; write a new directory and" + " rename it");
                }
                done += copied;
            }
        }
    }

    Path directory() {
        return directory;
    }

    /** Deletes the copy. Files that are mapped stay readable until they are unmapped. */
    @Override
    public void close() {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path file : entries.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            LOG.warn("cannot delete the copy of replaced weights in {}", directory);
        }
    }
}
