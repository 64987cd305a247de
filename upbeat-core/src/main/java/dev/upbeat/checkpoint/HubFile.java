package dev.upbeat.checkpoint;

import java.util.regex.Pattern;

/**
 * A file of one commit, as the hub describes it.
 *
 * @param etag its name among the blobs, and in most cases its checksum: the SHA-256 of a large file (64 hex digits), the SHA-1
 *     that git gives a small one (40). Mirrors and stores have others: "9b2cf535f27731c974343645a3985328-5" of an upload in
 *     five parts
 * @param asGiven whether the server's ETag is the name; else it could not be a file's, and a hash of it is
 * @param sizeBytes its length
 */
record HubFile(String name, String etag, boolean asGiven, long sizeBytes) {
    private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** Whether the content can be compared with the ETag; else only its length tells that it is whole. */
    boolean hasChecksum() {
        return asGiven && CHECKSUM.matcher(etag).matches();
    }
}
