package dev.upbeat.app.cli;

import dev.upbeat.app.query.QueryFormat;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.ProcessMemory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a statement in a separate process with limits of memory (RLIMIT_DATA, if there is a POSIX shell) and time. DuckDB limits
 * most of its memory itself but not that of single long values: {@code repeat('a', 4000000000)} would take all memory of the
 * machine.
 */
final class QueryProcess implements AutoCloseable {
    private static final int LOOK_MILLIS = 100;
    private static final int MOST_ERROR_BYTES = 1 << 20;

    /** Settings of the allocator that help with tensors but would keep DuckDB from returning memory. */
    private static final Set<String> NOT_INHERITED =
            Set.of("MALLOC_MMAP_MAX_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES", "JAVA_TOOL_OPTIONS");

    private final Limits limits;
    private final Path scratch;
    private final Process process;
    private final AtomicReference<@Nullable String> excess = new AtomicReference<>();

    private QueryProcess(Limits limits, Path scratch, Process process) {
        this.limits = limits;
        this.scratch = scratch;
        this.process = process;
    }

    /**
     * Limits of a statement.
     *
     * @param memory of the whole process
     * @param seconds from start to end
     */
    record Limits(ByteSize memory, int seconds) {
        private long memoryBytes() {
            return memory.bytes();
        }

        private long heapBytes() {
            return memoryBytes() / 4;
        }
    }

    /** The statement, and the run that it reads. */
    record Request(Path run, String sql, QueryFormat format, int threads, boolean verbose) {}

    static QueryProcess start(Request request, Limits limits) throws IOException {
        Path scratch = Files.createTempDirectory("upbeat-query-"); // for the unpacked library and spilled data
        try {
            ProcessBuilder builder = new ProcessBuilder(command(request, limits, scratch));
            builder.environment().keySet().removeAll(NOT_INHERITED);
            QueryProcess started = new QueryProcess(limits, scratch, builder.start());
            started.ask(request.sql());
            return started;
        } catch (IOException | RuntimeException e) {
            AtomicFiles.deleteTree(scratch);
            throw e;
        }
    }

    private static List<String> command(Request request, Limits limits, Path scratch) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/bin/sh"))) {
            // If the shell cannot set the limit, watch() still checks the size.
            command.addAll(List.of("/bin/sh", "-c", "ulimit -d \"$1\" 2>/dev/null; shift; exec \"$@\"", "sh"));
            command.add(Long.toString(limits.memoryBytes() >> 10));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + (limits.heapBytes() >> 20) + "m",
                "-Xss1m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:CompressedClassSpaceSize=48m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + scratch.resolve("error.log"),
                "-XX:+DisplayVMOutputToStderr", // standard output is for the result
                "--enable-native-access=ALL-UNNAMED", // else JDK 24 and later warn
                "-Xrs", // a signal ends it at once
                "-Dfile.encoding=UTF-8",
                "-Djava.io.tmpdir=" + scratch));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), QueryWorker.class.getName()));
        command.addAll(List.of(
                request.run().toString(),
                request.format().name(),
                Integer.toString(request.threads()),
                Long.toString(limits.memoryBytes()),
                Boolean.toString(request.verbose())));
        return command;
    }

    /** Sends the statement. The input stays open, so that the process ends when this one does, however that happens. */
    private void ask(String sql) throws IOException {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        DataOutputStream in = new DataOutputStream(process.getOutputStream());
        in.writeInt(bytes.length);
        in.write(bytes);
        in.flush();
    }

    /**
     * Prints the result as it arrives.
     *
     * @return the exit status
     * @throws BadInputException if the statement exceeds its memory or time
     */
    int passOn(PrintWriter out, PrintWriter err) throws IOException {
        Thread watch = daemon(this::watch, "limits");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Thread reading = daemon(() -> readErrors(errors), "errors");
        try (Reader result = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            char[] buffer = new char[1 << 13];
            for (int count = result.read(buffer); count >= 0; count = result.read(buffer)) {
                out.write(buffer, 0, count);
                if (process.getInputStream().available() == 0) {
                    out.flush();
                }
            }
            int status = process.waitFor() - QueryWorker.ENDED;
            reading.join();
            watch.join();
            return ended(status, errors.toString(StandardCharsets.UTF_8), err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a statement was running", e);
        }
    }

    private int ended(int status, String errors, PrintWriter err) {
        String tooMuch = excess.get();
        if (tooMuch != null) {
            throw new BadInputException(tooMuch);
        }
        if (status < ExitCode.DONE || status > ExitCode.BAD_INPUT) { // it was killed, or the JVM ran out of memory
            throw new BadInputException(memoryMessage());
        }
        err.print(errors);
        err.flush();
        return status;
    }

    private String memoryMessage() {
        return "SQL: the query needs more than its limit of " + limits.memory()
                + " of memory; use WHERE, LIMIT or fewer columns, or raise --memory";
    }

    /** Kills the process after its time, or above its memory if the system does not enforce the limit. */
    private void watch() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limits.seconds());
        ProcessMemory memory = new ProcessMemory(process.pid());
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - end > 0) {
                    excess.set("SQL: the query did not finish within " + limits.seconds() + " s; use WHERE or "
                            + "LIMIT, or raise --timeout");
                } else if (memory.bytes() > limits.memoryBytes()) {
                    excess.set(memoryMessage());
                }
                if (excess.get() != null) {
                    // By its handle: destroyForcibly() of the process would close the output that passOn() is reading.
                    process.toHandle().destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
    }

    private void readErrors(ByteArrayOutputStream errors) {
        try {
            byte[] buffer = new byte[1 << 13];
            for (int count = process.getErrorStream().read(buffer);
                    count >= 0;
                    count = process.getErrorStream().read(buffer)) {
                errors.write(buffer, 0, Math.min(count, MOST_ERROR_BYTES - errors.size()));
            }
        } catch (IOException e) {
            // the process was killed
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends the process and deletes its files. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            AtomicFiles.deleteTree(scratch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
