package dev.upbeat.app.query;

import dev.upbeat.store.ResultText;
import dev.upbeat.store.ResultWriter;

/** The formats of a query's result. */
public enum QueryFormat {
    /** Aligned columns for people: NULL as NULL, control characters escaped, long values shortened. */
    TABLE(ResultTable::write),
    CSV(ResultText::writeCsv),
    JSONL(ResultText::writeJsonl);

    private final ResultWriter writer;

    QueryFormat(ResultWriter writer) {
        this.writer = writer;
    }

    public ResultWriter writer() {
        return writer;
    }
}
