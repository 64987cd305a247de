package dev.upbeat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.Remedy;
import dev.upbeat.json.StrictJson;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.MappedFile;
import dev.upbeat.tensor.Scoped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * The memory-mapped tensors of a safetensors checkpoint: of one file, or of the shards that {@code
 * model.safetensors.index.json} names. A tensor that is stored in the requested dtype is a view of the map, and nothing is
 * read before it is used.
 */
public final class Safetensors implements WeightSource {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path origin;
    private final Map<Path, Shard> shards = new LinkedHashMap<>();
    private final Map<String, Stored> byName = new LinkedHashMap<>();

    private record Shard(SafetensorsHeader header, MappedFile map) {}

    private record Stored(Shard shard, SafetensorsHeader.Entry entry) {
        long[] shape() {
            return entry.shape().stream().mapToLong(Long::longValue).toArray();
        }

        Tensor bytes() {
            return shard.map()
                    .bytes(
                            shard.header().dataOffset() + entry.begin(),
                            entry.end() - entry.begin(),
                            entry.dtype().bytes());
        }
    }

    private Safetensors(Path origin) {
        this.origin = origin;
    }

    /**
     * Maps the files and checks their headers.
     *
     * @param path a safetensors file, or a directory that holds {@code model.safetensors} or {@code
     *     model.safetensors.index.json} and its shards
     * @throws BadInputException if there is none, a file is damaged, or a shard or one of its tensors is missing
     */
    public static Safetensors open(Path path) {
        Safetensors opened = new Safetensors(path);
        try {
            if (!Files.isDirectory(path)) {
                opened.addAll(path);
            } else if (Files.exists(path.resolve(SINGLE))) {
                opened.addAll(path.resolve(SINGLE));
            } else if (Files.exists(path.resolve(INDEX))) {
                opened.addIndexed(path.resolve(INDEX));
            } else {
                throw new BadInputException(path + " has no weights: expected " + SINGLE + " or " + INDEX
                        + ". Convert other formats, such as pytorch_model.bin, to safetensors.");
            }
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void addIndexed(Path index) {
        JsonNode weightMap = StrictJson.read(index).path("weight_map");
        if (!(weightMap instanceof ObjectNode)) {
            throw new BadInputException(index + " has no weight_map: expected {\"weight_map\": {tensor: file}}.");
        }
        Set<Path> files = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> field : weightMap.properties()) {
            Path file = index.resolveSibling(shardName(index, field.getKey(), field.getValue()));
            if (!Files.exists(file)) {
                throw new BadInputException(index + " names shard " + file.getFileName() + ", which is missing. "
                        + Remedy.ofDamaged(file, "Fetch it again."));
            }
            files.add(file);
        }
        files.forEach(this::addAll);
    }

    /**
     * Adds all tensors of a file, even those that the index does not list, as transformers does: indexes of tied or converted
     * models list a head that no file holds, or leave tensors out.
     */
    private void addAll(Path file) {
        Shard shard = shard(file);
        shard.header().tensors().forEach((name, entry) -> {
            if (byName.put(name, new Stored(shard, entry)) != null) {
                throw new BadInputException(file + " holds tensor " + name + ", which is also in another shard of "
                        + "" + origin
                        + " . Fetch the index and the shards of the same version again.");
            }
        });
    }

    /** Checks that a name stays within the directory of the index. */
    private static String shardName(Path index, String tensor, JsonNode value) {
        String name = value.isTextual() ? value.textValue() : "";
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
            throw new BadInputException(index + " puts tensor " + tensor + " into " + value
                    + ": expected the name of a file in the same directory.");
        }
        return name;
    }

    private Shard shard(Path file) {
        Shard known = shards.get(file);
        if (known != null) {
            return known;
        }
        Shard opened = new Shard(SafetensorsHeader.read(file), MappedFile.open(file));
        shards.put(file, opened);
        return opened;
    }

    /** The files that hold the weights, in the order in which the index first names them. */
    List<Path> files() {
        return List.copyOf(shards.keySet());
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    @Override
    public long[] shape(String name) {
        return stored(name).shape();
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        Stored stored = stored(name);
        return Scoped.call(() -> stored.bytes()
                .view(stored.entry().dtype().scalarType())
                .view(stored.shape())
                .to(dtype.scalarType()));
    }

    /** Whether two tensors are stored in the same dtype, shape and bytes. */
    public boolean sameBytes(String one, String other) {
        Stored first = stored(one);
        Stored second = stored(other);
        if (first.entry().dtype() != second.entry().dtype()
                || !first.entry().shape().equals(second.entry().shape())) {
            return false;
        }
        try (PointerScope scope = new PointerScope()) {
            return first.bytes().equal(second.bytes());
        }
    }

    private Stored stored(String name) {
        Stored stored = byName.get(name);
        if (stored == null) {
            throw new BadInputException(origin + " has no tensor " + name + ", it holds " + byName.size()
                    + " others. Check its config.json.");
        }
        return stored;
    }

    @Override
    public void close() {
        shards.values().forEach(shard -> shard.map().close());
    }
}
