package dev.upbeat.hub;

/** Told how far the download of each file is, at every piece that arrives: whoever draws it should not draw them all. */
@FunctionalInterface
public interface DownloadProgress {
    /**
     * First called with the bytes that an earlier, interrupted download left, last with {@code doneBytes == totalBytes}.
     * Never called for a file that is in the cache already.
     *
     * @param file its name in the repository
     * @param doneBytes bytes on disk; falls back to 0 where the server cannot resume
     * @param totalBytes the file's size
     */
    void advanced(String file, long doneBytes, long totalBytes);
}
