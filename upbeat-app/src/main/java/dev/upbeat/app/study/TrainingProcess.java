package dev.upbeat.app.study;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.store.EntryKind;
import dev.upbeat.store.WriterLock;
import dev.upbeat.study.grid.Grid;
import dev.upbeat.tensor.KernelChoice;
import dev.upbeat.train.config.TrainConfig;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Runs a training in a separate process, with its own threads and memory, so that a crash does not end the other
 * trainings. The process ends with this one, because its standard input does.
 *
 * @param threads of each training
 * @param main class of the program
 * @param steps receives the number of new steps
 */
public record TrainingProcess(int threads, String main, LongConsumer steps) implements Grid.Trainer {
    private static final int INTERRUPTED = 130;
    private static final int POLL_MILLIS = 250;
    private static final int LAST_HOLDER_MILLIS = 20_000;

    @Override
    public boolean train(TrainConfig config, BooleanSupplier stop) throws IOException {
        try {
            EntryKind.requireDirectory(config.out());
            awaitLastHolder(config.out());
            Path log = beside(config.out(), ".log");
            Process process = start(config, log);
            boolean told = false;
            long done = lines(config.out());
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = lines(config.out());
                steps.accept(now - done);
                done = now;
                if (!told && stop.getAsBoolean()) {
                    told = true;
                    process.destroy(); // SIGTERM: it saves its state after the step
                }
            }
            steps.accept(lines(config.out()) - done);
            if (process.exitValue() != 0 && process.exitValue() != INTERRUPTED) {
                throw new IOException("the training ended with status " + process.exitValue() + "; the end of " + log
                        + ": " + end(log));
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a training was running", e);
        }
    }

    private Process start(TrainConfig config, Path log) throws IOException {
        Path file = beside(config.out(), ".yaml");
        Files.createDirectories(file.toAbsolutePath().getParent());
        AtomicFiles.writeString(file, new YAMLMapper().writeValueAsString(config.resolved()));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of("train", file.toString(), "--resume", "--quiet", "--with-parent"));
        command.addAll(List.of("--threads", Integer.toString(threads)));
        EntryKind.requireFile(log);
        File output = log.toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        builder.environment().put(KernelChoice.VARIABLE, KernelChoice.setting());
        return builder.start();
    }

    private static Path beside(Path run, String ending) {
        return run.resolveSibling(run.getFileName() + ending);
    }

    /** Waits for a training whose parent was killed: it ends, but not at once. */
    private static void awaitLastHolder(Path run) throws IOException, InterruptedException {
        for (int waited = 0; waited < LAST_HOLDER_MILLIS && WriterLock.isHeld(run); waited += POLL_MILLIS) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static long lines(Path run) throws IOException {
        Path metrics = run.resolve("metrics.jsonl");
        if (!Files.exists(metrics)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(metrics)) {
            return lines.count();
        }
    }

    private static String end(Path log) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        int from = Math.max(0, bytes.length - 600);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8).strip();
    }
}
