package dev.upbeat.app.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;

/**
 * Bounds the requests under way and the bytes of their bodies, so that the heap is bounded. A request that does not fit is
 * refused with 429, at once.
 */
final class Admission {
    /** Bodies of this many largest requests fit at the same time. */
    private static final int LARGEST_BODIES = 4;

    private static final int CHUNK = 1 << 16;

    private final Limits limits;
    private final Semaphore requests;
    private final Semaphore bytes;

    Admission(Limits limits) {
        this.limits = limits;
        this.requests = new Semaphore(limits.queue());
        this.bytes = new Semaphore((int) Math.min(Integer.MAX_VALUE, (long) LARGEST_BODIES * limits.bodyBytes()));
    }

    /** A place for one request; closing it gives the place and the bytes back. */
    final class Place implements AutoCloseable {
        private int held;

        private Place() {}

        /**
         * Reads a body.
         *
         * @param length of the body by its header, bytes; -1 if unknown
         * @throws Refusal 413 if it is too large, 429 if it does not fit now, 408 if the client is too slow
         */
        byte[] body(InputStream in, long length) throws IOException {
            if (length > limits.bodyBytes()) {
                throw tooLarge();
            }
            long end = System.nanoTime() + limits.timeout().toNanos();
            hold((int) Math.max(0, length));
            byte[] body = new byte[length < 0 ? CHUNK : (int) length + 1];
            if (length < 0) {
                hold(CHUNK);
            }
            int count = 0;
            for (int read = in.read(body, 0, body.length);
                    read >= 0;
                    read = in.read(body, count, body.length - count)) {
                count += read;
                if (count > limits.bodyBytes()) {
                    throw tooLarge();
                }
                if (System.nanoTime() - end > 0) {
                    throw new Refusal(
                            408,
                            "the body did not arrive within " + limits.timeout().toSeconds() + " s");
                }
                if (count == body.length) {
                    hold(count);
                    body = Arrays.copyOf(body, 2 * count);
                }
            }
            return Arrays.copyOf(body, count);
        }

        private void hold(int more) {
            if (!bytes.tryAcquire(more)) {
                throw Refusal.busy("the bodies of the requests under way are too large together");
            }
            held += more;
        }

        private Refusal tooLarge() {
            return new Refusal(
                    413,
                    "the body has more than " + limits.bodyMegabytes()
                            + " MB; send fewer traces in a request, or start the service with a larger --max-body-mb");
        }

        @Override
        public void close() {
            bytes.release(held);
            requests.release();
        }
    }

    /** @throws Refusal 429 if the queue is full */
    Place enter() {
        if (!requests.tryAcquire()) {
            throw Refusal.busy("the queue of " + limits.queue() + " requests is full");
        }
        return new Place();
    }

    /** Requests under way. */
    int underWay() {
        return limits.queue() - requests.availablePermits();
    }
}
