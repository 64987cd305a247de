package dev.upbeat.app.study.output;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.upbeat.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the files of a study: {@code study.json} (every number and the raw rows behind them), {@code study.md} (ready to
 * paste), {@code figures/*.svg} and {@code report.html} (one file, opens from disk). Each file appears whole or not at all.
 */
public final class StudyFiles {
    /** Names in snake case; NaN and infinity as null, which JSON lacks. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new Finite())
                    .addSerializer(double.class, new Finite()))
            .build();

    private StudyFiles() {}

    /**
     * @param directory exists; older files of the same names are replaced
     * @param result records, maps, lists and numbers: the content of study.json
     */
    public static void write(Path directory, StudyReport report, Object result) throws IOException {
        Path figures = Files.createDirectories(directory.resolve("figures"));
        for (StudyReport.Section section : report.sections()) {
            writeFigures(figures, section.blocks());
        }
        AtomicFiles.writeString(directory.resolve("study.json"), JSON.writeValueAsString(result) + "\n");
        AtomicFiles.writeString(directory.resolve("study.md"), MarkdownForm.of(report));
        AtomicFiles.writeString(directory.resolve("report.html"), HtmlForm.of(report));
    }

    private static void writeFigures(Path directory, List<Block> blocks) throws IOException {
        for (Block block : blocks) {
            if (block instanceof Block.Figure figure) {
                AtomicFiles.writeString(directory.resolve(figure.name() + ".svg"), figure.svg());
            } else if (block instanceof Block.Fold fold) {
                writeFigures(directory, fold.blocks());
            }
        }
    }

    private static final class Finite extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }
}
