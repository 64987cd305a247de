package dev.upbeat.app.serve;

import dev.upbeat.io.BadInputException;
import dev.upbeat.store.RunDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The run directories that the service shows: the subdirectories of {@code --runs} that have a config.yaml. */
final class RunsRoot {
    static final String METRICS = "metrics.jsonl";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@=+-]{0,199}");

    private static final Pattern STEP = Pattern.compile("step-(\\d{1,18})\\.parquet");

    /** Most bytes of metrics in one answer. */
    static final int CHUNK = 1 << 20;

    private final Path directory;
    private final ServedRoot root;

    RunsRoot(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.root = new ServedRoot(directory, "--runs");
    }

    /** Whether the directory of the runs has been deleted. */
    boolean isGone() {
        return Files.notExists(directory);
    }

    /** The names of the runs, sorted. */
    List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .filter(entry -> Files.exists(entry.resolve("config.yaml")))
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    /**
     * The directory of a run.
     *
     * @throws Refusal 404 if there is no such run
     */
    Path run(String name) throws IOException {
        if (!NAME.matcher(name).matches() || !Files.isDirectory(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            throw new Refusal(404, "there is no run of this name; GET /v1/runs lists them");
        }
        return root.resolve(name);
    }

    /** Where a new run may be written. */
    Path free(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new BadInputException("run is not a name; expected letters, digits and . _ - @ = +, at most 200");
        }
        if (Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            throw new BadInputException("there is a run " + name + " already; give another name");
        }
        return directory.resolve(name);
    }

    /** Opens a run for reading. Every entry that it reads is a regular file or directory of the run. */
    RunDirectory open(String name) throws IOException {
        Path run = run(name);
        try {
            return RunDirectory.open(run);
        } catch (BadInputException e) {
            throw new BadInputException(String.valueOf(e.getMessage()).replace(directory + "/", ""), e);
        }
    }

    /**
     * Whole lines of a file.
     *
     * @param from offset of the first line, bytes
     * @param next offset of the line after the last
     */
    record Lines(long from, long next, List<String> lines) {}

    /**
     * The lines of a run's metrics from an offset, as far as they are complete.
     *
     * @param from an offset that an earlier answer gave, or 0; if the file is shorter, because the run was resumed, the lines
     *     from its start
     */
    Lines metrics(String name, long from) throws IOException {
        if (metricBytes(name) == 0) {
            return new Lines(0, 0, List.of());
        }
        try (FileChannel channel = file(name, METRICS)) {
            long start = from > channel.size() ? 0 : from;
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK, channel.size() - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) > 0) {
                // reads on
            }
            int end = bytes.position();
            while (end > 0 && bytes.get(end - 1) != '\n') {
                end--;
            }
            String text = new String(bytes.array(), 0, end, StandardCharsets.UTF_8);
            return new Lines(
                    start,
                    start + end,
                    Arrays.stream(text.split("\n"))
                            .filter(line -> !line.isBlank())
                            .toList());
        }
    }

    /** The whole lines in the last bytes of a run's metrics. */
    List<String> lastMetrics(String name, int bytes) throws IOException {
        long length = metricBytes(name);
        List<String> lines = metrics(name, Math.max(0, length - bytes)).lines();
        return length > bytes && !lines.isEmpty() ? lines.subList(1, lines.size()) : lines; // the first is cut
    }

    /** Length of a run's metrics; 0 if it has none. */
    long metricBytes(String name) throws IOException {
        Path file = run(name).resolve(METRICS);
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
    }

    /** Opens a file of a run for reading. */
    FileChannel file(String name, String file) throws IOException {
        return root.open(run(name).resolve(file));
    }

    /** The steps of a run that have traces, ascending. */
    List<Long> traceSteps(String name) throws IOException {
        Path steps = run(name).resolve("traces");
        if (!Files.isDirectory(steps, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(steps)) {
            return files.map(file -> STEP.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(step -> Long.valueOf(step.group(1)))
                    .sorted()
                    .toList();
        }
    }
}
