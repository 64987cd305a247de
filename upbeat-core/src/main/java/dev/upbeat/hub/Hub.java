package dev.upbeat.hub;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.SearchPath;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models by their Hugging Face id, in the cache of Python's huggingface_hub: each of the two programs finds the other's
 * downloads.
 *
 * <p>Downloads the configuration, the tokenizer's files, the chat template and the safetensors, but no pickled weights.
 * Interrupted downloads resume, every file is compared with the hub's checksum (or its length if there is none), and
 * processes that download the same model wait for each other. If the hub cannot be reached, a copy in the cache is used.
 */
public final class Hub {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final HubSettings settings;
    private final HubPatience patience;

    Hub(HubSettings settings, HubPatience patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /** Whether {@code model} has the form of a hub id. Meaningful only if no file or directory has this name. */
    public static boolean looksLikeId(String model) {
        int at = model.indexOf('@');
        return HubId.isRepository(at < 0 ? model : model.substring(0, at))
                && !model.endsWith(".gguf")
                && !model.endsWith(".safetensors");
    }

    /** As {@link #locate(String, SearchPath, DownloadProgress)}, with paths relative to the working directory. */
    public static Path locate(String model, DownloadProgress progress) throws IOException {
        return locate(model, SearchPath.HERE, progress);
    }

    /**
     * Returns the path of a model: a path unchanged, for a hub id the copy in the cache, downloaded if necessary. A missing
     * entry of an existing directory is taken for a misspelt path unless it names a revision: if a directory models exists,
     * {@code models/qwen} is not looked up at the hub, but {@code models/qwen@main} is.
     *
     * @param search where a relative path is looked up
     * @throws BadInputException as for {@link #resolve(String, Map, DownloadProgress)}, and for a path that does not exist
     */
    public static Path locate(String model, SearchPath search, DownloadProgress progress) throws IOException {
        return locate(model, search, System.getenv(), progress);
    }

    static Path locate(String model, SearchPath search, Map<String, String> env, DownloadProgress progress)
            throws IOException {
        Path path = local(model, search);
        return path == null ? resolve(model, env, progress) : path;
    }

    /**
     * Returns the path of a model that is on this machine, without a request.
     *
     * @return null for a hub id that the cache does not have as a whole
     * @throws BadInputException for a path that does not exist, or an invalid id
     */
    public static @Nullable Path find(String model, SearchPath search) throws IOException {
        Path path = local(model, search);
        if (path != null) {
            return path;
        }
        HubId id = HubId.parse(model);
        return wholeCopy(id, new HubCache(HubSettings.of(System.getenv()), id));
    }

    /** The path; null for a hub id. */
    private static @Nullable Path local(String model, SearchPath search) {
        Path path = Path.of(model);
        Path found = search.find(path);
        if (Files.exists(found)) {
            return found;
        }
        String missing = model + " does not exist" + search.looked(path);
        if (!looksLikeId(model)) {
            throw new BadInputException(
                    missing + ": give a Hugging Face directory or a GGUF file (or a hub id, ORG/NAME).");
        }
        Path parent = path.getParent();
        Path directory = parent == null ? path : search.find(parent);
        if (Files.isDirectory(directory) && model.indexOf('@') < 0) {
            throw new BadInputException(missing + ", but its directory " + directory + " does: check the spelling of"
                    + " the path. For the hub's model of that name, write " + model + "@main");
        }
        return null;
    }

    /** As {@link #resolve(String, Map, DownloadProgress)}, in this process's environment. */
    public static Path resolve(String model, DownloadProgress progress) throws IOException {
        return resolve(model, System.getenv(), progress);
    }

    /**
     * Returns the directory of the model cache.
     *
     * @param env as for {@link #resolve(String, Map, DownloadProgress)}
     * @throws BadInputException if the variables are invalid
     */
    public static Path cache(Map<String, String> env) throws IOException {
        return HubSettings.of(env).cache();
    }

    /**
     * Returns the directory of a model's files, which are downloaded if they are not in the cache.
     *
     * @param model {@code ORG/NAME} or {@code ORG/NAME@REVISION}: a branch (default: main), a tag, a pull request ({@code
     *     refs/pr/1}) or a commit
     * @param env environment variables; reads HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN (or HF_HOME/token),
     *     HF_HUB_OFFLINE and their older names, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as huggingface_hub does
     * @throws BadInputException if the id is malformed, the hub has no such model or revision, denies access or has no
     *     supported format; or if offline, and the model is not in the cache
     * @throws IOException if the hub or the disk fails; partial downloads are kept and resumed
     */
    public static Path resolve(String model, Map<String, String> env, DownloadProgress progress) throws IOException {
        HubId id = HubId.parse(model);
        return new Hub(HubSettings.of(env), HubPatience.STANDARD).resolve(id, progress);
    }

    Path resolve(HubId id, DownloadProgress progress) throws IOException {
        HubCache cache = new HubCache(settings, id);
        try {
            Path copy = wholeCopy(id, cache);
            if (settings.offline()) {
                if (copy == null) {
                    throw notInCache(id, cache);
                }
                return copy;
            }
            HubClient client = new HubClient(settings, patience);
            HubListing listing;
            try {
                listing = (copy == null ? patience : patience.withoutRetries()).persist(() -> client.list(id));
            } catch (HubUnreachableException e) {
                if (copy == null) {
                    throw e;
                }
                log.warn("{} The copy of {} in the cache is used: {}", e.whatHappened(), id, copy);
                return copy;
            }
            return fetch(listing, cache, client, progress);
        } catch (FileSystemException e) {
            throw new IOException(
                    "Cannot use the model cache at " + settings.cache() + " (" + e + "). Make it readable and writable,"
                            + " or set HF_HOME to a directory that is.",
                    e);
        }
    }

    /** The snapshot of the revision's last known commit; null if it is not complete in the cache. */
    private static @Nullable Path wholeCopy(HubId id, HubCache cache) throws IOException {
        String commit = cache.commit(id.revision());
        if (commit == null) {
            return null;
        }
        Path snapshot = cache.snapshot(commit);
        return SnapshotFiles.lacking(snapshot, id).isEmpty() ? snapshot : null;
    }

    private BadInputException notInCache(HubId id, HubCache cache) throws IOException {
        String commit = cache.commit(id.revision());
        String lacks = "";
        if (commit != null && Files.isDirectory(cache.snapshot(commit))) {
            lacks = " (incomplete there, missing: " + SnapshotFiles.lacking(cache.snapshot(commit), id) + ")";
        }
        return new BadInputException(id + " is not in the model cache at " + settings.cache() + lacks
                + ", and HF_HUB_OFFLINE forbids downloads; no file or directory has this name either. Unset HF_HUB_OFFLINE, set HF_HOME to the cache that has"
                + " it, or give the path of a model's directory or .gguf file.");
    }

    private Path fetch(HubListing listing, HubCache cache, HubClient client, DownloadProgress progress)
            throws IOException {
        HubId id = listing.id();
        Path snapshot = cache.snapshot(listing.commit());
        if (SnapshotFiles.lacking(snapshot, listing).isEmpty()) {
            try {
                cache.remember(id.revision(), listing.commit());
            } catch (IOException e) {
                log.info("The cache cannot record the commit of {}: {}", id, e.toString());
            }
            return snapshot;
        }
        HubDownload download = new HubDownload(client, patience, progress);
        try (ProcessLock lock = cache.lock()) {
            List<String> lacking = SnapshotFiles.lacking(snapshot, listing);
            while (!lacking.isEmpty()) {
                List<HubFile> files = new ArrayList<>();
                for (String name : lacking) {
                    files.add(patience.persist(() -> client.describe(id, listing.commit(), name)));
                }
                refuseWithoutSpace(files, id, cache);
                for (HubFile file : files) {
                    Path blob = cache.blob(file.etag());
                    boolean isNew = !Files.exists(blob);
                    if (isNew) {
                        download.fetch(id, listing.commit(), file, blob);
                    }
                    cache.link(blob, isNew, snapshot.resolve(file.name()));
                }
                lacking = SnapshotFiles.lacking(snapshot, listing);
            }
            // Last, so that the revision keeps its old copy until the new one is complete.
            cache.remember(id.revision(), listing.commit());
        }
        return snapshot;
    }

    private void refuseWithoutSpace(List<HubFile> files, HubId id, HubCache cache) throws IOException {
        long needed = 0;
        for (HubFile file : files) {
            Path blob = cache.blob(file.etag());
            Path partial = HubDownload.partial(blob);
            if (!Files.exists(blob)) {
                needed += file.sizeBytes() - (Files.exists(partial) ? Files.size(partial) : 0);
            }
        }
        long usable = Files.getFileStore(settings.cache()).getUsableSpace();
        if (needed > usable) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "The rest of %s needs %.1f GB, but the disk of the model cache at %s has %.1f GB free."
                            + " Free some space, or set HF_HOME to a directory that has it.",
                    id,
                    needed / 1e9,
                    settings.cache(),
                    usable / 1e9));
        }
    }
}
