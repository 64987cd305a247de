package dev.upbeat.hub;

/** Progress of the download of each file. Called for every piece that arrives, which is more often than a display needs. */
@FunctionalInterface
public interface DownloadProgress {
    /**
     * Called first with the bytes that an interrupted download left, last with {@code doneBytes == totalBytes}.
     * Not called for a file that is already in the cache.
     *
     * @param file its name in the repository
     * @param doneBytes bytes on disk; falls back to 0 if the server cannot resume
     * @param totalBytes the file's size
     */
    void advanced(String file, long doneBytes, long totalBytes);
}
