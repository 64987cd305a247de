package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import picocli.CommandLine;

/**
 * A command line that was run in this process.
 *
 * @param status its exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
@NullMarked
record Cli(int status, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs {@code upbeat ARGS}; paths may be given as they are. */
    static Cli upbeat(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.configured(new CommandLine(new Main()), new PrintWriter(out), new PrintWriter(err));
        int status = Main.execute(line, Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new Cli(status, out.toString(), err.toString());
    }

    /** It went well. */
    Cli done() {
        assertThat(status).as(err).isZero();
        return this;
    }

    /** It was refused, with one message that has all of these, and without a trace of where in the code. */
    Cli refused(String... parts) {
        assertThat(status).as(err).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(out).isEmpty();
        // a training says what it does before it reads anything
        String message = err.startsWith("train: ") ? err.substring(err.indexOf("\nupbeat: ") + 1) : err;
        assertThat(message).startsWith("upbeat: ").contains(parts).doesNotContain("\tat ", "Exception: ", "--verbose");
        assertThat(err.lines().filter(line -> line.startsWith("upbeat: "))).hasSize(1);
        return this;
    }

    /** Standard output, each line a JSON value. */
    List<JsonNode> rows() {
        return out.lines()
                .map(line -> {
                    try {
                        return JSON.readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    /** The rows of a query over a run. */
    static List<JsonNode> query(Path run, String sql) {
        return upbeat("query", run, sql, "--format", "jsonl").done().rows();
    }

    /** The names in a directory, hidden ones too. */
    static List<String> names(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
