package dev.upbeat.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Resident memory of a process, from /proc if there is one, else from ps. */
record ResidentMemory(long pid) {
    /** Bytes; 0 if unknown, as after the end of the process. */
    long bytes() {
        try {
            Path status = Path.of("/proc", Long.toString(pid), "status");
            return 1024
                    * (Files.exists(status)
                            ? kilobytes(Files.readString(status).replaceAll("(?s).*VmRSS:([^\n]*)kB.*", "$1"))
                            : kilobytes(ps()));
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
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

    private static long kilobytes(String text) {
        String number = text.strip();
        return number.matches("\\d{1,15}") ? Long.parseLong(number) : 0;
    }
}
