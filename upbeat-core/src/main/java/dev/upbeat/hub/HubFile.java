package dev.upbeat.hub;

import java.util.regex.Pattern;

/**
 * The hub's description of a file of one commit.
 *
 * @param etag name among the blobs and in most cases the checksum: SHA-256 of a large file (64 hex digits), git's SHA-1
 *     of a small one (40). Mirrors and object stores use other forms: "9b2cf535f27731c974343645a3985328-5" for an
 *     upload in five parts
 * @param asGiven whether {@code etag} is the server's ETag; if that cannot be a file name, {@code etag} is its hash
 * @param sizeBytes length of the file
 */
record HubFile(String name, String etag, boolean asGiven, long sizeBytes) {
    private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** Whether the content can be compared with the ETag; otherwise only its length can be checked. */
    boolean hasChecksum() {
        return asGiven && CHECKSUM.matcher(etag).matches();
    }
}
