package dev.upbeat.hub;

import dev.upbeat.io.BadInputException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A model on the hub at one revision.
 *
 * @param repository {@code ORG/NAME}, in the hub's own alphabet: safe in URLs and as part of a file name
 * @param revision a branch, a tag, a pull request ({@code refs/pr/1}) or a commit; safe as a relative path
 */
record HubId(String repository, String revision) {
    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern REPOSITORY = Pattern.compile(WORD + "/" + WORD);
    /** Patterns that git forbids in the parts of a reference's name. */
    private static final Pattern REVISION_PART = Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\]+");

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** @throws BadInputException if {@code text} is not {@code ORG/NAME} or {@code ORG/NAME@REVISION} */
    static HubId parse(String text) {
        int at = text.indexOf('@');
        String repository = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? "main" : text.substring(at + 1);
        if (!isRepository(repository)) {
            throw new BadInputException("\"" + text + "\" is neither a file or directory that exists nor a hub id."
                    + " A hub id is ORG/NAME or ORG/NAME@REVISION, of letters, digits, '-', '_' and '.'"
                    + " (without \"--\" or \"..\"), for example Qwen/Qwen3-0.6B: check the spelling or the path.");
        }
        if (!isRevision(revision)) {
            throw new BadInputException("\"" + revision + "\" in \"" + text + "\" cannot be the name of a revision."
                    + " Give a branch, a tag, a pull request (refs/pr/1) or a commit after the '@',"
                    + " or leave \"@" + revision + "\" out for main.");
        }
        return new HubId(repository, revision);
    }

    static boolean isRepository(String text) {
        return REPOSITORY.matcher(text).matches()
                && !text.contains("--")
                && !text.contains("..")
                && !text.endsWith(".git");
    }

    /** Whether {@code text} is a full commit hash, which always names the same content. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    private static boolean isRevision(String text) {
        return Arrays.stream(text.split("/", -1))
                .allMatch(part -> REVISION_PART.matcher(part).matches()
                        && !part.startsWith(".")
                        && !part.contains("..")
                        && !part.endsWith(".lock"));
    }

    @Override
    public String toString() {
        return repository + "@" + revision;
    }
}
