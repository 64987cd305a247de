package dev.upbeat.gguf;

import dev.upbeat.io.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The files of a GGUF model: a single file, or the parts that llama-gguf-split makes ({@code NAME-00001-of-00003.gguf}). The
 * first part holds the metadata.
 *
 * @param header metadata of the first part, tensors of all
 * @param files in order
 */
record GgufParts(GgufHeader header, List<Path> files) {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";

    /** Most parts: the numbers in their names have five digits. */
    private static final int MOST = 99_999;

    /**
     * Reads the headers of all parts.
     *
     * @param file the model, or any part of it
     * @throws BadInputException if a part is missing or does not belong to the others
     */
    static GgufParts of(Path file) {
        GgufHeader given = GgufHeader.read(file);
        int count = value(given, COUNT, 1);
        if (count <= 1) {
            return new GgufParts(given, List.of(file));
        }
        int number = value(given, NUMBER, 0);
        if (number < 0 || number >= count || count > MOST) {
            throw new BadInputException(file + " has " + NUMBER + " " + number + " and " + COUNT + " " + count
                    + ", expected a number from 0 below a count of at most " + MOST + ". Fetch the file again.");
        }
        List<Path> files = names(file, number, count);
        Map<String, GgufHeader.Info> tensors = new LinkedHashMap<>();
        GgufMetadata metadata = given.metadata();
        for (int part = 0; part < count; part++) {
            Path path = files.get(part);
            GgufHeader header = path.equals(file) ? given : GgufHeader.read(path);
            if (value(header, NUMBER, 0) != part || value(header, COUNT, 1) != count) {
                throw new BadInputException(path + " is part " + (value(header, NUMBER, 0) + 1) + " of "
                        + value(header, COUNT, 1) + " by its " + NUMBER + " and " + COUNT + ", expected part "
                        + (part + 1) + " of " + count + " beside " + file + ". Fetch the parts again.");
            }
            metadata = part == 0 ? header.metadata() : metadata;
            add(header, part, tensors, path);
        }
        int expected = value(given, TENSORS, tensors.size());
        if (tensors.size() != expected) {
            throw new BadInputException(file + " and its other parts have " + tensors.size() + " tensors, expected "
                    + expected + " (" + TENSORS + "). Fetch the parts of the same version again.");
        }
        return new GgufParts(new GgufHeader(metadata, Collections.unmodifiableMap(tensors)), files);
    }

    private static void add(GgufHeader header, int part, Map<String, GgufHeader.Info> tensors, Path path) {
        header.tensors().forEach((name, info) -> {
            if (tensors.put(name, info.inPart(part)) != null) {
                throw new BadInputException(path + " has tensor " + name
                        + ", which is also in an earlier part, expected each tensor once. Fetch the parts again.");
            }
        });
    }

    private static List<Path> names(Path file, int number, int count) {
        String name = String.valueOf(file.getFileName());
        String ending = ending(number, count);
        if (!name.endsWith(ending)) {
            throw new BadInputException(file + " is part " + (number + 1) + " of " + count
                    + " of a split GGUF file, expected a name that ends in " + ending
                    + ". Give the parts the names they were published with.");
        }
        String prefix = name.substring(0, name.length() - ending.length());
        List<Path> files = new ArrayList<>();
        List<Path> missing = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            Path path = file.resolveSibling(prefix + ending(part, count));
            files.add(path);
            if (!Files.exists(path)) {
                missing.add(path);
            }
        }
        if (!missing.isEmpty()) {
            throw new BadInputException(file + " is part " + (number + 1) + " of " + count
                    + " of a split GGUF file, and " + missing.size() + " of the others are missing, the first "
                    + missing.get(0) + ". Put all parts into one folder.");
        }
        return files;
    }

    private static String ending(int number, int count) {
        return String.format(Locale.ROOT, "-%05d-of-%05d.gguf", number + 1, count);
    }

    private static int value(GgufHeader header, String key, int absent) {
        return header.metadata().contains(key) ? header.metadata().integer(key) : absent;
    }
}
