package dev.upbeat.app.report;

import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code report.html}: one file with the page, its scripts and its data, which opens from disk offline. */
public final class ReportWriter {
    private static final String TITLE = "<title>Upbeat report</title>";

    /** Bytes from the start of a file that contain the title. */
    private static final int HEAD_BYTES = 4096;

    private ReportWriter() {}

    /**
     * Writes the report, replacing an older one.
     *
     * @param file the file to write; its directory exists
     * @param report content of the page
     * @throws IOException if the file cannot be written; an older one then stays unchanged
     */
    public static void write(Path file, ReportData report) throws IOException {
        PageTemplate page = PageTemplate.load();
        AtomicFiles.write(file, out -> {
            put(out, page.beforeData());
            block(out, "manifest", ReportJson.manifest(report));
            int trace = 0;
            for (RunReport run : report.runs()) {
                for (ReportRow row : run.rows()) {
                    block(out, "trace-" + trace, TraceJson.trace(row));
                    if (!row.heads().isEmpty()) {
                        block(out, "heads-" + trace, TraceJson.heads(row.heads()));
                    }
                    trace++;
                }
            }
            put(out, page.afterData());
        });
    }

    /** Whether a file was written by {@link #write} and may be replaced. */
    public static boolean isReport(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8).contains(TITLE);
        }
    }

    private static void block(OutputStream out, String id, String json) throws IOException {
        put(out, "<script type=\"application/json\" id=\"" + id + "\">" + json + "</script>\n");
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
