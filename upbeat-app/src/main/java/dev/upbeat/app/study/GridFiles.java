package dev.upbeat.app.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.upbeat.io.AtomicFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.study.grid.GridConfig;
import dev.upbeat.study.grid.GridMarkdown;
import dev.upbeat.study.grid.GridTable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A grid's directory, which one process at a time can hold. */
public final class GridFiles implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final GridConfig config;
    private final FileChannel lock;

    private GridFiles(GridConfig config, FileChannel lock) {
        this.config = config;
        this.lock = lock;
    }

    /** @throws BadInputException where another process runs the grid */
    public static GridFiles hold(GridConfig config) throws IOException {
        Files.createDirectories(config.out());
        FileChannel lock =
                FileChannel.open(config.out().resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new BadInputException(
                    config.out() + ": another process runs the grid in it; wait for its end, or choose another --out");
        }
        return new GridFiles(config, lock);
    }

    /** Where the table is, for people. */
    public Path markdown() {
        return config.out().resolve("study.md");
    }

    public void write(GridTable table) throws IOException {
        AtomicFiles.writeString(config.out().resolve("study.json"), JSON.writeValueAsString(table) + "\n");
        AtomicFiles.writeString(markdown(), GridMarkdown.of(config, table));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
