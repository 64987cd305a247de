package dev.upbeat.hub;

import dev.upbeat.http.Retries;
import dev.upbeat.io.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Downloads the content of one file into the blobs. It continues an interrupted download, compares the checksum (or only
 * the length, if the server gives no checksum), and then renames the file.
 */
final class HubDownload {
    private static final int SHA256_DIGITS = 64;
    private static final int BUFFER_BYTES = 1 << 18;

    private final HubClient client;
    private final HubPatience patience;
    private final DownloadProgress progress;

    HubDownload(HubClient client, HubPatience patience, DownloadProgress progress) {
        this.client = client;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * The unfinished blob. No other program uses this name: one that ignores our lock must not append to the same file.
     */
    static Path partial(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".upbeat.incomplete");
    }

    /** @throws IOException naming file and server, if the download fails or its content is wrong */
    void fetch(HubId id, String commit, HubFile file, Path blob) throws IOException {
        Files.createDirectories(blob.getParent());
        Path partial = partial(blob);
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (out.size() > file.sizeBytes()) {
                out.truncate(0);
            }
            progress.advanced(file.name(), out.size(), file.sizeBytes());
            Retries retries = patience.start();
            while (out.size() < file.sizeBytes()) {
                long before = out.size();
                try {
                    append(id, commit, file, out);
                } catch (HubUnreachableException e) {
                    if (out.size() > before) {
                        retries.reset();
                    }
                    patience.pause(retries, e);
                }
            }
            out.force(true);
        }
        String checksum = file.hasChecksum() ? checksum(partial, file.etag()) : file.etag();
        if (!checksum.equals(file.etag())) {
            Files.delete(partial);
            throw new IOException("The download of " + file.name() + " of " + id + " is damaged: its checksum is "
                    + checksum + ", but should be " + file.etag() + ". It was deleted; run the same command again.");
        }
        Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes one attempt at the rest of the file. The bytes that arrive are kept even if it fails. */
    private void append(HubId id, String commit, HubFile file, FileChannel out) throws IOException {
        HttpResponse<InputStream> response = client.open(id, commit, file.name(), out.size());
        try (InputStream body = response.body()) {
            boolean resumes = response.statusCode() == 206 && rangeStartsAt(response, out.size());
            if (!resumes) {
                out.truncate(0);
            }
            if (!resumes && response.statusCode() != 200) {
                throw new HubUnreachableException(response.uri(), "it cannot resume " + file.name(), null, null);
            }
            out.position(out.size());
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                if (out.position() + count > file.sizeBytes()) {
                    out.truncate(0);
                    throw new IOException(HubUnreachableException.origin(response.uri()) + " sends more than the "
                            + file.sizeBytes() + " bytes that " + file.name() + " of " + id
                            + " should have. They were deleted; run the same command again.");
                }
                write(buffer, count, out, file);
                progress.advanced(file.name(), out.position(), file.sizeBytes());
            }
            if (out.position() < file.sizeBytes()) {
                throw new HubUnreachableException(
                        response.uri(),
                        "it ended " + file.name() + " after " + out.position() + " of " + file.sizeBytes() + " bytes",
                        null,
                        null);
            }
        }
    }

    private static void write(byte[] bytes, int count, FileChannel out, HubFile file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (IOException e) {
            throw new IOException(
                    "Cannot write " + file.name() + " to the model cache: " + e.getMessage()
                            + ". Free some space, or set HF_HOME to a directory that has it.",
                    e);
        }
    }

    /**
     * Returns the checksum of {@code file} of the same kind as {@code etag}: SHA-256 of the content (Git LFS), or SHA-1 of
     * git's blob object, which is the content after {@code "blob LENGTH\0"}.
     */
    private static String checksum(Path file, String etag) throws IOException {
        MessageDigest digest = Digests.sha256();
        if (etag.length() != SHA256_DIGITS) {
            digest = Digests.sha1();
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        Digests.addFile(digest, file);
        return Digests.hex(digest);
    }

    private static boolean rangeStartsAt(HttpResponse<?> response, long from) {
        return response.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + from + "-");
    }
}
