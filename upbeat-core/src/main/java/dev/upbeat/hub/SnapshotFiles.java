package dev.upbeat.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Determines which files of a repository make up a model or a PEFT adapter, and which of them a snapshot directory lacks. */
final class SnapshotFiles {
    private static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final List<String> TEXT = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");
    private static final long LARGEST_INDEX_BYTES = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private SnapshotFiles() {}

    /**
     * Files of {@code listing} that a snapshot lacks. The shards are known only when their index is present: call again
     * after downloading until nothing is lacking. The weights come last, so that a snapshot with weights is complete.
     *
     * @throws BadInputException if the repository has no model in safetensors, or names files outside the snapshot
     */
    static List<String> lacking(Path snapshot, HubListing listing) throws IOException {
        listing.files().forEach(file -> refuseUnsafe(file, listing.id()));
        if (ModelFiles.isAdapter(listing.files()::contains)) {
            return absent(snapshot, adapter(listing));
        }
        refuseWithoutModel(listing);
        List<String> wanted = new ArrayList<>();
        wanted.add(CONFIG);
        TEXT.stream().filter(listing.files()::contains).forEach(wanted::add);
        if (listing.files().contains(WEIGHTS)) {
            wanted.add(WEIGHTS);
        } else {
            wanted.add(INDEX);
            if (Files.exists(snapshot.resolve(INDEX))) {
                SortedSet<String> shards = shards(snapshot, listing.id());
                refuseUnlisted(shards, listing);
                wanted.addAll(shards);
            }
        }
        return absent(snapshot, wanted);
    }

    private static List<String> adapter(HubListing listing) {
        if (!listing.files().contains(ModelFiles.ADAPTER_WEIGHTS)) {
            throw new BadInputException(listing.id() + " is an adapter without " + ModelFiles.ADAPTER_WEIGHTS + ". "
                    + otherWeights(listing.files()));
        }
        List<String> wanted = new ArrayList<>(List.of(ModelFiles.ADAPTER_CONFIG));
        TEXT.stream().filter(listing.files()::contains).forEach(wanted::add);
        wanted.add(ModelFiles.ADAPTER_WEIGHTS);
        return wanted;
    }

    /** Files that a snapshot lacks, judged without a listing: its configuration, its weights or some of their shards. */
    static List<String> lacking(Path snapshot, HubId id) throws IOException {
        if (ModelFiles.isAdapter(name -> Files.exists(snapshot.resolve(name)))) {
            return absent(snapshot, List.of(ModelFiles.ADAPTER_WEIGHTS));
        }
        List<String> wanted = new ArrayList<>(List.of(CONFIG));
        if (!Files.exists(snapshot.resolve(WEIGHTS)) && Files.exists(snapshot.resolve(INDEX))) {
            wanted.addAll(shards(snapshot, id));
        } else {
            wanted.add(WEIGHTS);
        }
        return absent(snapshot, wanted);
    }

    private static List<String> absent(Path snapshot, List<String> files) {
        return files.stream()
                .filter(file -> !Files.exists(snapshot.resolve(file)))
                .toList();
    }

    private static SortedSet<String> shards(Path snapshot, HubId id) throws IOException {
        Path index = snapshot.resolve(INDEX);
        if (Files.size(index) > LARGEST_INDEX_BYTES) {
            throw new BadInputException(index + " has " + Files.size(index) + " bytes, more than the "
                    + LARGEST_INDEX_BYTES + " allowed for an index of shards. Use another revision of " + id + ".");
        }
        JsonNode shardOfTensor;
        try {
            shardOfTensor = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (JacksonException e) {
            throw new BadInputException(index + " is not JSON. Use another revision of " + id + ".", e);
        }
        SortedSet<String> shards = new TreeSet<>();
        shardOfTensor.forEach(shard -> shards.add(shard.asText()));
        if (shards.isEmpty() || !shards.stream().allMatch(shard -> shard.endsWith(".safetensors"))) {
            throw new BadInputException(index + " should map tensors to .safetensors files (weight_map), but names "
                    + (shards.isEmpty() ? "none" : shards) + ". Use another revision of " + id + ".");
        }
        shards.forEach(shard -> refuseUnsafe(shard, id));
        return shards;
    }

    private static void refuseUnlisted(SortedSet<String> shards, HubListing listing) {
        List<String> unlisted = shards.stream()
                .filter(shard -> !listing.files().contains(shard))
                .toList();
        if (!unlisted.isEmpty()) {
            throw new BadInputException(listing.id() + " is incomplete: its " + INDEX + " names " + unlisted
                    + ", which the repository does not have. Use another revision.");
        }
    }

    private static void refuseWithoutModel(HubListing listing) {
        Collection<String> files = listing.files();
        if (!files.contains(WEIGHTS) && !files.contains(INDEX)) {
            throw new BadInputException(
                    listing.id() + " has neither " + WEIGHTS + " nor " + INDEX + ". " + otherWeights(files));
        }
        if (!files.contains(CONFIG)) {
            throw new BadInputException(listing.id() + " has no " + CONFIG + ", so it is not a model that "
                    + "transformers can load. Give a repository that has one.");
        }
    }

    private static String otherWeights(Collection<String> files) {
        List<String> gguf = ending(files, ".gguf");
        if (!gguf.isEmpty()) {
            return "It has GGUF files (" + some(gguf) + "): download one of them and give the path of that .gguf file.";
        }
        List<String> safetensors = ending(files, ".safetensors");
        if (!safetensors.isEmpty()) {
            return "It has other safetensors (" + some(safetensors)
                    + "), which may be a variant: give the repository of the full model, or that of a PEFT adapter with "
                    + ModelFiles.ADAPTER_CONFIG + ".";
        }
        List<String> pickled = ending(files, ".bin");
        return pickled.isEmpty()
                ? "Give a repository with weights in safetensors, or the path of a .gguf file."
                : "It has pickled weights (" + some(pickled)
                        + "), which Upbeat does not read: give a revision or repository with weights in safetensors.";
    }

    private static List<String> ending(Collection<String> files, String suffix) {
        return files.stream().filter(file -> file.endsWith(suffix)).sorted().toList();
    }

    private static String some(List<String> files) {
        return String.join(", ", files.subList(0, Math.min(3, files.size()))) + (files.size() > 3 ? ", .." : "");
    }

    /** Rejects a name that leads out of the snapshot on any operating system. */
    private static void refuseUnsafe(String file, HubId id) {
        String path = file.replace('\\', '/');
        boolean outside = path.isEmpty()
                || path.startsWith("/")
                || path.indexOf('\0') >= 0
                || path.matches("[A-Za-z]:.*")
                || List.of(path.split("/")).contains("..");
        if (outside) {
            throw new BadInputException(id + " names a file \"" + file + "\", which is outside the repository's "
                    + "directory. Nothing was written for it; do not use this repository.");
        }
    }
}
