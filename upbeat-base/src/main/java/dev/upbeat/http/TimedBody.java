package dev.upbeat.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Body of a response as a stream with a time limit: {@code read} waits for the next bytes only so long, while the stream of
 * java.net.http waits forever. A limit in bytes is the caller's: {@code readNBytes(limit + 1)}.
 */
public final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
    /** An event from the client's thread: bytes, or the end with or without a failure. */
    private record Event(
            List<ByteBuffer> bytes, boolean last, @Nullable Throwable failure) {}

    /** Buffers (about 16 KB each) requested ahead, so that neither thread waits for the other at each one. */
    private static final int WINDOW = 16;

    private final Supplier<Duration> wait;
    private final Function<IOException, IOException> failure;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();
    private boolean ended;

    /**
     * @param wait asked before each wait: how long the server may stay silent from now on
     * @param failure makes the exception to throw from one of the client or the {@link HttpTimeoutException} of a silent
     *     server
     */
    public TimedBody(Supplier<Duration> wait, Function<IOException, IOException> failure) {
        this.wait = wait;
        this.failure = failure;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (subscription.complete(given)) {
            given.request(WINDOW);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        events.add(new Event(item, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new Event(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        events.add(new Event(List.of(), true, null));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        ByteBuffer next = pending.peek();
        while (next == null || !next.hasRemaining()) {
            if (next != null) {
                pending.remove();
            } else if (ended) {
                return -1;
            } else {
                await();
            }
            next = pending.peek();
        }
        int count = Math.min(length, next.remaining());
        next.get(target, offset, count);
        return count;
    }

    private void await() throws IOException {
        Event event;
        Duration most = wait.get();
        try {
            event = events.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading a response");
        }
        if (event == null) {
            throw failure.apply(new HttpTimeoutException("silent for " + most.toSeconds() + " s"));
        }
        Throwable broken = event.failure();
        if (broken != null) {
            ended = true;
            throw failure.apply(broken instanceof IOException e ? e : new IOException(broken.toString(), broken));
        }
        ended = event.last();
        pending.addAll(event.bytes());
        if (!ended) {
            subscription.join().request(1);
        }
    }

    /** Ends the transfer; the unread rest is not downloaded. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            boolean notBegun = subscription.cancel(false);
            if (!notBegun) {
                subscription.join().cancel();
            }
        }
        pending.clear();
    }
}
