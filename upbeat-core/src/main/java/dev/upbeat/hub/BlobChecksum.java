package dev.upbeat.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums by which the hub names file contents. */
final class BlobChecksum {
    private static final int SHA256_DIGITS = 64;

    private BlobChecksum() {}

    /**
     * Returns the checksum of {@code file} of the same kind as {@code etag}: SHA-256 of the content (Git LFS), or SHA-1 of
     * git's blob object, which is the content after {@code "blob LENGTH\0"}.
     */
    static String of(Path file, String etag) throws IOException {
        MessageDigest digest = digest(etag.length() == SHA256_DIGITS ? "SHA-256" : "SHA-1");
        if (etag.length() != SHA256_DIGITS) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of a text, as a file name for texts that cannot be one. */
    static String ofText(String text) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
