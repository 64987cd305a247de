package dev.upbeat.store;

import dev.upbeat.io.BadInputException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries that Upbeat writes into a directory, by exact name and kind. Only these are ever written or deleted there. A link
 * is never one of them and is never followed; only the directory itself may be a link, because the user named it.
 */
public final class KnownEntries {
    private static final String REPORT = "report.html";

    /** Files of a checkpoint: Hugging Face names, and the trainer's state. */
    private static final String CHECKPOINT = "checkpoint-\\d{1,18}";

    private static final String CHECKPOINT_FILE = CHECKPOINT
            + "/(model\\.safetensors|config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer_config\\.json"
            + "|adapter_model\\.safetensors|adapter_config\\.json"
            + "|special_tokens_map\\.json|added_tokens\\.json|vocab\\.json|merges\\.txt|tokenizer\\.model"
            + "|chat_template\\.jinja|chat_template\\.json"
            + "|trainer/(state\\.json|unevaluated\\.json|heads\\.json|(critic-\\d{1,3}/)?optimizer\\.(json|safetensors)))";

    private static final String RUN_FILE = Stream.of(
                            RunFiles.CONFIG,
                            RunFiles.PROVENANCE,
                            RunFiles.HEADS,
                            RunFiles.HEAD_SERIES,
                            RunFiles.TRACES,
                            RunFiles.METRICS,
                            RunFiles.EVAL,
                            RunFiles.JUDGEMENTS,
                            RunFiles.LINKAGES_JSON,
                            RunFiles.LINKAGES_TABLE,
                            REPORT,
                            WriterLock.FILE)
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|"))
            + "|failed-step-\\d{1,18}\\.(parquet|jsonl)|traces/step-\\d{1,18}\\.parquet|" + CHECKPOINT_FILE;
    private static final String RUN_DIRECTORY = "traces|" + CHECKPOINT + "(/trainer(/critic-\\d{1,3})?)?";
    private static final String STUDY_RUN = "runs/[A-Za-z0-9._-]+";

    /** The directory of a run: an analysis, an evaluation or a training. */
    public static final KnownEntries RUN = new KnownEntries("run", RunFiles.PROVENANCE, RUN_FILE, RUN_DIRECTORY);

    /** The directory of a study, with its runs. */
    public static final KnownEntries STUDY = new KnownEntries(
            "study",
            "study.json",
            "study\\.json|study\\.md|report\\.html|figures/[A-Za-z0-9._-]+\\.svg|" + STUDY_RUN + "/(" + RUN_FILE + ")",
            "figures|runs|" + STUDY_RUN + "|" + STUDY_RUN + "/(" + RUN_DIRECTORY + ")");

    /** The directory of a grid's probe, a training of two steps; it stays under its hidden name. */
    static final KnownEntries PROBE =
            new KnownEntries("probe", "run", "run/(" + RUN_FILE + ")", "run|run/(" + RUN_DIRECTORY + ")");

    /** Names of entries that are being written, moved away or locked: .config.yaml.4711-1f.tmp, .step-000010.parquet.4711-1f.0. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\.(?<name>.+?)(\\.[0-9a-f-]+)?\\.(tmp|old|lock|\\d{1,9})");

    /** The file of {@link WriterLock#holdPlace}; a process that was killed leaves it behind. */
    private static final Pattern LOCK = Pattern.compile("\\..+\\.lock");

    private final String what;
    private final String mark;
    private final Pattern files;
    private final Pattern directories;

    private KnownEntries(String what, String mark, String files, String directories) {
        this.what = what;
        this.mark = mark;
        this.files = Pattern.compile(files);
        this.directories = Pattern.compile(directories);
    }

    /**
     * Rejects a directory that has another kind of entry under one of Upbeat's names.
     *
     * @throws BadInputException naming the link, pipe or other entry in the place of a file or directory of Upbeat's
     */
    public void requireOwnKinds(Path directory) throws IOException {
        walk(directory, new Visitor() {
            @Override
            void foreign(Path entry, String name, BasicFileAttributes kind) {
                requireKind(entry, name, kind);
            }
        });
    }

    /**
     * Rejects a directory if replacing it would delete a file that Upbeat did not write. The user's entries at its top level are
     * allowed, because they are kept.
     *
     * @throws BadInputException naming the entry, or the missing file that marks such a directory
     */
    void requireReplaceable(Path directory) throws IOException {
        List<String> top = new ArrayList<>();
        walk(directory, new Visitor() {
            @Override
            void own(Path entry, String name, BasicFileAttributes kind) {
                if (name.indexOf('/') < 0) {
                    top.add(name);
                }
            }

            @Override
            void foreign(Path entry, String name, BasicFileAttributes kind) {
                requireKind(entry, name, kind);
                if (name.indexOf('/') >= 0) {
                    throw new BadInputException(entry + ": is not a file of a " + what
                            + " and would be deleted with its directory; move it away, or choose another directory");
                }
            }
        });
        if (!top.isEmpty() && !top.contains(mark)) {
            throw new BadInputException(directory + ": has " + top.get(0) + " but no " + mark + ", so it is not a "
                    + what + " and is not replaced; choose another directory");
        }
    }

    /** Whether an entry at the top level of a directory has a name and kind that Upbeat writes. */
    boolean isOwn(Path entry) throws IOException {
        BasicFileAttributes kind = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return isOwn(entry.getFileName().toString(), kind);
    }

    /** Whether Upbeat wrote everything below an entry of a directory. */
    boolean isWhollyOwn(Path directory, Path entry) throws IOException {
        List<Path> others = new ArrayList<>();
        walk(directory, entry, new Visitor() {
            @Override
            void foreign(Path other, String name, BasicFileAttributes kind) {
                others.add(other);
            }
        });
        return others.isEmpty();
    }

    /** Deletes all of Upbeat's entries, and the directory if nothing else is in it. */
    void deleteAll(Path directory) throws IOException {
        delete(directory, name -> true);
        deleteEmpty(directory);
    }

    /**
     * Deletes some of Upbeat's entries.
     *
     * @param chosen selects entries by their name relative to {@code directory}; a chosen directory includes Upbeat's
     *     entries in it
     */
    void delete(Path directory, Predicate<String> chosen) throws IOException {
        walk(directory, new Visitor() {
            @Override
            void own(Path entry, String name, BasicFileAttributes kind) throws IOException {
                if (kind.isRegularFile() && isChosen(name)) {
                    Files.deleteIfExists(entry);
                }
            }

            @Override
            void left(Path entry, String name) throws IOException {
                if (isChosen(name)) {
                    deleteEmpty(entry);
                }
            }

            private boolean isChosen(String name) {
                int slash = name.lastIndexOf('/');
                return chosen.test(name) || (slash >= 0 && isChosen(name.substring(0, slash)));
            }
        });
    }

    private static void deleteEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) { // something else is in it
        }
    }

    /** Whether a name is that of an entry whose writer has not finished. */
    static boolean isUnfinished(String name) {
        return UNFINISHED.matcher(last(name)).matches();
    }

    private void requireKind(Path entry, String name, BasicFileAttributes kind) {
        boolean directory = isNamedAsDirectory(name);
        if (directory || isNamedAsFile(name)) {
            throw EntryKind.wrong(entry, kind, directory);
        }
    }

    private boolean isNamedAsDirectory(String name) {
        return !LOCK.matcher(last(name)).matches()
                && directories.matcher(plain(name)).matches();
    }

    /** A lock is a file, even if it locks a directory. */
    private boolean isNamedAsFile(String name) {
        return files.matcher(plain(name)).matches()
                || (LOCK.matcher(last(name)).matches()
                        && directories.matcher(plain(name)).matches());
    }

    private boolean isOwn(String name, BasicFileAttributes kind) {
        return (kind.isRegularFile() && isNamedAsFile(name)) || (kind.isDirectory() && isNamedAsDirectory(name));
    }

    /** The relative name that an entry will have when its writer has finished. */
    private static String plain(String name) {
        List<String> plain = new ArrayList<>();
        for (String part : name.split("/")) {
            Matcher unfinished = UNFINISHED.matcher(part);
            plain.add(unfinished.matches() ? unfinished.group("name") : part);
        }
        return String.join("/", plain);
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private void walk(Path directory, Visitor visitor) throws IOException {
        if (Files.isDirectory(directory)) {
            Path named = Files.isSymbolicLink(directory) ? directory.toRealPath() : directory;
            walk(named, named, visitor);
        }
    }

    private void walk(Path directory, Path from, Visitor visitor) throws IOException {
        visitor.entries = this;
        visitor.directory = directory;
        Files.walkFileTree(from, visitor); // does not follow links
    }

    /** Visits each entry once, but does not enter directories that are not Upbeat's. */
    private abstract static class Visitor extends SimpleFileVisitor<Path> {
        private KnownEntries entries = RUN;
        private Path directory = Path.of("");

        void own(Path entry, String name, BasicFileAttributes kind) throws IOException {}

        void foreign(Path entry, String name, BasicFileAttributes kind) {}

        void left(Path entry, String name) throws IOException {}

        private boolean see(Path entry, BasicFileAttributes kind) throws IOException {
            String name = directory.relativize(entry).toString().replace('\\', '/');
            boolean own = entries.isOwn(name, kind);
            if (own) {
                own(entry, name, kind);
            } else {
                foreign(entry, name, kind);
            }
            return own;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes kind) throws IOException {
            return entry.equals(directory) || see(entry, kind)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path entry, BasicFileAttributes kind) throws IOException {
            see(entry, kind);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path entry, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // moved by its writer in the meantime
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path entry, @Nullable IOException e) throws IOException {
            if (e != null) {
                throw e;
            }
            if (!entry.equals(directory)) {
                left(entry, directory.relativize(entry).toString().replace('\\', '/'));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
