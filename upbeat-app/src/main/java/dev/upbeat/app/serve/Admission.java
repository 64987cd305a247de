package dev.upbeat.app.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the requests under way and the bytes of their bodies, so that the heap is bounded. A request that does not fit is
 * refused with 429, at once.
 */
final class Admission {
    /** Bodies of this many largest requests fit at the same time. */
    private static final int LARGEST_BODIES = 4;

    private static final int CHUNK = 1 << 16;

    /** Slowest body, bytes a second, once {@link #PATIENCE_SECONDS} have passed. */
    private static final int SLOWEST_BODY = 1000;

    /** Seconds in which a body may be slower, because client and service share a loaded machine. */
    private static final int PATIENCE_SECONDS = 10;

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
            long start = System.nanoTime();
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
                requireInTime(count, System.nanoTime() - start);
                if (count == body.length) {
                    hold(count);
                    body = Arrays.copyOf(body, 2 * count);
                }
            }
            return Arrays.copyOf(body, count);
        }

        private void requireInTime(int count, long nanos) {
            if (nanos > limits.timeout().toNanos()) {
                throw new Refusal(
                        408,
                        "the body did not arrive within " + limits.timeout().toSeconds() + " s");
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
            if (seconds > PATIENCE_SECONDS && count < SLOWEST_BODY * seconds) {
                throw new Refusal(408, "the body arrives more slowly than " + SLOWEST_BODY + " bytes a second");
            }
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
