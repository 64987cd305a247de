package dev.upbeat.app.serve;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.model.Decoder;

/**
 * One version of the weights. Requests hold it while they are measured; it is closed when it has been replaced and the last
 * request has released it.
 */
final class ServedModel {
    private final long version;
    private final Decoder decoder;
    private final Runnable closing;
    private int holders = 1; // the service itself

    /**
     * @param version number of the weights, from 1
     * @param closing frees the decoder and its files
     */
    ServedModel(long version, Decoder decoder, Runnable closing) {
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
