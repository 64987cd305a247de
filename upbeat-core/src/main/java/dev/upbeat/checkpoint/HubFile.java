package dev.upbeat.checkpoint;

/**
 * A file of one commit, as the hub describes it.
 *
 * @param etag its checksum and its name among the blobs: the SHA-256 of a large file (64 hex digits), the SHA-1 that git
 *     gives a small one (40)
 * @param sizeBytes its length
 */
record HubFile(String name, String etag, long sizeBytes) {}
