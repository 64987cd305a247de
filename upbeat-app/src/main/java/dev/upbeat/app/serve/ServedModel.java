package dev.upbeat.app.serve;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.Decoder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One version of the weights. Requests hold it while they are measured; it is closed when it has been replaced and the last
 * request has released it.
 */
final class ServedModel {
    private final long version;
    private final Decoder decoder;
    private final Runnable closing;
    private final Supplier<String> hash;
    private @Nullable String sha256;
    private int holders = 1; // the service itself

    /**
     * @param version number of the weights, from 1
     * @param hash computes the SHA-256 of the weights' files
     * @param closing frees the decoder and its files
     */
    ServedModel(long version, Decoder decoder, Supplier<String> hash, Runnable closing) {
        this.hash = hash;
        this.version = version;
        this.decoder = decoder;
        this.closing = closing;
    }

    long version() {
        return version;
    }

    Decoder decoder() {
        return decoder;
    }

    /** SHA-256 of the weights' files; reads them at the first call, during which the caller holds this model. */
    synchronized String sha256() {
        if (sha256 == null) {
            sha256 = hash.get();
        }
        return sha256;
    }

    ModelConfig config() {
        return decoder.config();
    }

    synchronized void hold() {
        if (holders == 0) {
            throw new IllegalStateException("weights version " + version + " is closed");
        }
        holders++;
    }

    void release() {
        boolean last;
        synchronized (this) {
            last = --holders == 0;
        }
        if (last) {
            closing.run();
        }
    }
}
