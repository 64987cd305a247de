package dev.upbeat.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes the rows of a query as text. */
@FunctionalInterface
public interface ResultWriter {
    void write(ResultSet result, Appendable out) throws SQLException, IOException;
}
