package dev.upbeat.hub;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.SearchPath;
import dev.upbeat.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model on this machine, with those of a PEFT adapter over it.
 *
 * @param model a Hugging Face directory or a GGUF file: the base of the adapter
 * @param adapter directory of the adapter; null for the model alone
 */
public record ModelFiles(Path model, @Nullable Path adapter) {
    static final String ADAPTER_CONFIG = "adapter_config.json";
    static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

    private static final String BASE = "base_model_name_or_path";

    /** Finds a model by its path or hub id; null if it is not on this machine and must not be downloaded. */
    interface Finder {
        @Nullable
        Path find(String name, SearchPath search) throws IOException;
    }

    /** As {@link #locate(String, SearchPath, String, SearchPath, DownloadProgress)}, relative to the working directory. */
    public static ModelFiles locate(String model, @Nullable String adapter, DownloadProgress progress)
            throws IOException {
        return locate(model, SearchPath.HERE, adapter, SearchPath.HERE, progress);
    }

    /**
     * Finds a model and its adapter, and downloads what is not in the cache. If {@code model} is an adapter itself, its settings
     * name the base: a path relative to the adapter or as {@code search} finds it, or a hub id.
     *
     * @param model a path or a hub id
     * @param search where a relative path of the model is looked up
     * @param adapter path or hub id of an adapter over the model; null if none is given beside it
     * @param adapterSearch where its relative path is looked up
     * @throws BadInputException if there is no such model or adapter, or an adapter names no base
     */
    public static ModelFiles locate(
            String model,
            SearchPath search,
            @Nullable String adapter,
            SearchPath adapterSearch,
            DownloadProgress progress)
            throws IOException {
        ModelFiles files = of(model, search, adapter, adapterSearch, (name, at) -> Hub.locate(name, at, progress));
        if (files == null) {
            throw new IllegalStateException("a model is located or refused");
        }
        return files;
    }

    /** As {@link #locate}, without a request; null if a part is a hub id that the cache does not have as a whole. */
    public static @Nullable ModelFiles find(
            String model, SearchPath search, @Nullable String adapter, SearchPath adapterSearch) throws IOException {
        return of(model, search, adapter, adapterSearch, Hub::find);
    }

    static @Nullable ModelFiles of(
            String model, SearchPath search, @Nullable String adapter, SearchPath adapterSearch, Finder finder)
            throws IOException {
        if (adapter == null) {
            Path found = finder.find(model, search);
            return found == null || !isAdapter(found) ? only(found) : overItsBase(found, search, finder);
        }
        Path over = finder.find(adapter, adapterSearch);
        Path base = finder.find(model, search);
        if (over == null || base == null) {
            return null;
        }
        if (!isAdapter(over)) {
            throw new BadInputException(adapter + " is no PEFT adapter: expected a directory or hub id with "
                    + ADAPTER_CONFIG + " and " + ADAPTER_WEIGHTS + ".");
        }
        refuseAdapter(base, model);
        return new ModelFiles(base, over);
    }

    private static @Nullable ModelFiles only(@Nullable Path model) {
        return model == null ? null : new ModelFiles(model, null);
    }

    private static @Nullable ModelFiles overItsBase(Path adapter, SearchPath search, Finder finder) throws IOException {
        JsonFields json = JsonFields.read(adapter.resolve(ADAPTER_CONFIG));
        String name = json.string(BASE, "");
        if (name.isBlank()) {
            throw new BadInputException(json.file() + " has no " + BASE
                    + ", expected the adapter's base model. Give the base as MODEL and the adapter by --adapter.");
        }
        List<Path> folders = new ArrayList<>(List.of(adapter.toAbsolutePath()));
        folders.addAll(search.folders());
        String revision = json.string("revision", "");
        boolean pinned = !revision.isEmpty() && Hub.looksLikeId(name) && name.indexOf('@') < 0;
        SearchPath places = new SearchPath(folders);
        boolean isPath = Files.exists(places.find(Path.of(name)));
        Path base;
        try {
            base = finder.find(pinned && !isPath ? name + "@" + revision : name, places);
        } catch (BadInputException e) {
            throw new BadInputException(
                    json.file() + " names the base model \"" + name + "\": " + e.getMessage()
                            + " Or give the base as MODEL and the adapter by --adapter.",
                    e);
        }
        if (base == null) {
            return null;
        }
        refuseAdapter(base, name);
        return new ModelFiles(base, adapter);
    }

    private static void refuseAdapter(Path base, String name) {
        if (isAdapter(base)) {
            throw new BadInputException(
                    name + " is a PEFT adapter itself, expected the base model of the other adapter."
                            + " Merge one of them into its base with peft (merge_and_unload) and give the merged model.");
        }
    }

    private static boolean isAdapter(Path directory) {
        return Files.isDirectory(directory) && isAdapter(name -> Files.exists(directory.resolve(name)));
    }

    /**
     * Whether a directory or repository is an adapter: it has an adapter's settings, and its weights or none of a model.
     * transformers takes a directory with both for an adapter too.
     */
    static boolean isAdapter(Predicate<String> has) {
        return has.test(ADAPTER_CONFIG)
                && (has.test(ADAPTER_WEIGHTS) || (!has.test(SnapshotFiles.WEIGHTS) && !has.test(SnapshotFiles.INDEX)));
    }
}
