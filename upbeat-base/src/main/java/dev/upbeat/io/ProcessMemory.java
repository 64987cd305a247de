package dev.upbeat.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Resident memory of a process, mapped files included. */
public record ProcessMemory(long pid) {
    /** Largest resident memory of this process so far, MB (10^6 bytes); null without /proc. */
    public static @Nullable Long peakMegabytes() {
        ProcessMemory here = new ProcessMemory(ProcessHandle.current().pid());
        try {
            long peak = Files.isReadable(here.status()) ? here.kilobytes("VmHWM") : 0;
            return peak == 0 ? null : Long.valueOf(peak * 1024 / 1_000_000);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + here.status(), e);
        }
    }

    /** Bytes, from /proc if there is one, else from ps; 0 if unknown, as after the end of the process. */
    public long bytes() {
        try {
            return 1024 * (Files.exists(status()) ? kilobytes("VmRSS") : number(ps()));
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private Path status() {
        return Path.of("/proc", Long.toString(pid), "status");
    }

    private long kilobytes(String field) throws IOException {
        return Files.readAllLines(status()).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> number(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private String ps() throws IOException, InterruptedException {
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
        try {
            return ps.waitFor(1, TimeUnit.SECONDS)
                    ? new String(ps.getInputStream().readAllBytes())
                    : "";
        } finally {
            ps.destroyForcibly();
        }
    }

    private static long number(String text) {
        String digits = text.strip();
        return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : 0;
    }
}
