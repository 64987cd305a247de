package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private copy of a client's checkpoint. The client may change or delete its files at any time, and a mapped file that
 * shrinks would kill the process.
 */
final class WeightsCopy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightsCopy.class);

    private static final String PREFIX = "upbeat-weights-";
    private static final Pattern COPY = Pattern.compile(PREFIX + "(\\d{1,18})-.*");

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
        WeightsCopy copy = new WeightsCopy(
                Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
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

    /** Deletes the copies of services that were killed. */
    static void deleteLeftovers() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            entries.filter(WeightsCopy::isLeftover).forEach(copy -> new WeightsCopy(copy).close());
        }
    }

    private static boolean isLeftover(Path entry) {
        Matcher name = COPY.matcher(String.valueOf(entry.getFileName()));
        return name.matches()
                && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                && Files.isWritable(entry)
                && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
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
