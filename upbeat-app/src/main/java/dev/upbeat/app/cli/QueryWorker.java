package dev.upbeat.app.cli;

import dev.upbeat.app.query.QueryFormat;
import dev.upbeat.store.RunSql;
import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Main class of the process that {@link QueryProcess} starts: runs one statement. The statement arrives on standard input; the
 * process ends when its input does.
 */
final class QueryWorker {
    /** Added to the exit status of a finished statement, to tell it from the status of a process that was killed. */
    static final int ENDED = 40;

    private QueryWorker() {}

    /** @param args run directory, format, threads, bytes of memory, and whether stack traces are wanted */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(new StandardOutput(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int status;
        try {
            query(
                    Path.of(args[0]),
                    QueryFormat.valueOf(args[1]),
                    Integer.parseInt(args[2]),
                    Long.parseLong(args[3]),
                    out);
            out.flush();
            status = ExitCode.DONE;
        } catch (IOException | RuntimeException | Error e) {
            status = Failures.report(e, err, Boolean.parseBoolean(args[4]));
        }
        Runtime.getRuntime().halt(ENDED + status); // its directory is deleted by the process that started it
    }

    private static void query(Path run, QueryFormat format, int threads, long memoryBytes, PrintWriter out)
            throws IOException {
        DataInputStream in = new DataInputStream(System.in);
        String sql = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        endWith(in);
        try (RunSql open = RunSql.open(run, threads, memoryBytes)) {
            open.query(sql, format.writer(), out);
        }
    }

    private static void endWith(DataInputStream in) {
        Thread watch = new Thread(
                () -> {
                    try {
                        in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // the same as the end of the input
                    }
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                },
                "parent");
        watch.setDaemon(true);
        watch.start();
    }
}
