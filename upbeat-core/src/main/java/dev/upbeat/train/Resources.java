package dev.upbeat.train;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Resources that are closed together, in the reverse order of their registration. */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> things = new ArrayDeque<>();

    <T extends AutoCloseable> T own(T thing) {
        things.push(thing);
        return thing;
    }

    @Override
    public void close() throws IOException {
        while (!things.isEmpty()) {
            AutoCloseable thing = things.pop();
            try (this) {
                thing.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException("cannot close " + thing, e);
            }
        }
    }
}
