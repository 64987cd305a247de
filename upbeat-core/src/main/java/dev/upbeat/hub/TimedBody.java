package dev.upbeat.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
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
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream that gives up on a silent server; java.net.http's own waits for ever. Whatever ends it
 * early is a {@link HubUnreachableException}.
 */
final class TimedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
    /** What the client's thread hands over: bytes, or the end with or without a failure. */
    private record Event(
            List<ByteBuffer> bytes, boolean last, @Nullable Throwable failure) {}

    /** Pieces (16 KB or so) under way between the two threads, so that neither waits for the other at each one. */
    private static final int WINDOW = 16;

    private final URI uri;
    private final Duration silence;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();
    private boolean ended;

    TimedBody(URI uri, Duration silence) {
        this.uri = uri;
        this.silence = silence;
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
        try {
            event = events.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while downloading from " + uri.getHost() + ".");
        }
        if (event == null) {
            throw new HubUnreachableException(uri, "silent for " + silence.toSeconds() + " s", null, null);
        }
        if (event.failure() != null) {
            ended = true;
            Throwable failure = event.failure();
            throw failure instanceof IOException e
                    ? new HubUnreachableException(uri, e)
                    : new HubUnreachableException(uri, String.valueOf(failure), failure, null);
        }
        ended = event.last();
        pending.addAll(event.bytes());
        if (!ended) {
            subscription.join().request(1);
        }
    }

    /** Ends the transfer where it is: an unread rest is not downloaded. */
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
