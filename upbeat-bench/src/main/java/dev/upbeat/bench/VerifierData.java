package dev.upbeat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Reads rows of JSONL files, gzipped or not. */
final class VerifierData {
    private static final ObjectMapper JSON = new ObjectMapper();

    private VerifierData() {}

    /** The files below a directory with problems of mathematics, sorted. */
    static List<Path> mathFiles(Path directory) throws IOException {
        List<String> sets = List.of(
                "gsm8k",
                "math500",
                "aime24",
                "aime25",
                "amc23",
                "olympiadbench",
                "minerva_math",
                "dapo_math_17k",
                "math_train");
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.filter(file ->
                            sets.contains(directory.relativize(file).getName(0).toString()))
                    .filter(file -> file.toString().contains(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    static List<JsonNode> rows(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank())
                    .map(VerifierData::row)
                    .toList();
        }
    }

    private static JsonNode row(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
