package dev.upbeat.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Who owns native memory. A tensor belongs to the innermost {@link PointerScope} that is open where it is made, and is
 * freed with it. The two ways out of a scope are here and nowhere else: to the next outer scope ({@link #call}), or to an
 * owner that closes it by hand ({@link #keep}).
 */
public final class Scoped {
    private Scoped() {}

    /**
     * Runs {@code body} in a scope of its own, frees everything that it made but its result, and hands the result to the
     * scope around the call.
     *
     * @throws IllegalStateException where no scope is open around the call, for then nobody would free the result
     */
    public static <P extends Pointer> P call(Supplier<P> body) {
        PointerScope outer = PointerScope.getInnerScope();
        if (outer == null) {
            throw new IllegalStateException("no PointerScope is open: nobody would free the result");
        }
        try (PointerScope inner = new PointerScope()) {
            P result = body.get();
            outer.attach(result);
            return result;
        }
    }

    /** Runs {@code body} in a scope of its own and frees everything that it made. */
    public static void run(Runnable body) {
        try (PointerScope scope = new PointerScope()) {
            body.run();
        }
    }

    /** Lets a pointer outlive its scope, until its new owner calls {@link Pointer#close()} exactly once. */
    public static <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        return pointer;
    }
}
