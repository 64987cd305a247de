package dev.upbeat.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes Parquet files for tests. */
final class Parquet {
    private Parquet() {}

    static Path write(Path file, String query) throws SQLException {
        try (Connection connection = Duck.open();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + query + ") TO " + Duck.literal(file) + " (FORMAT parquet)");
        }
        return file;
    }
}
