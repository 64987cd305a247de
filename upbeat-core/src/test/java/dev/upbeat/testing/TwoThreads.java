package dev.upbeat.testing;

import dev.upbeat.tensor.Libtorch;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;

/** What a body gives where a small model's batches run side by side in two workers, on any machine. */
@NullMarked
public final class TwoThreads {
    private TwoThreads() {}

    /** Sets the threads back to {@link OneThread}'s afterwards. */
    public static <T> T get(Supplier<T> body) {
        Libtorch.start(2);
        try {
            return body.get();
        } finally {
            Libtorch.start(1);
        }
    }
}
