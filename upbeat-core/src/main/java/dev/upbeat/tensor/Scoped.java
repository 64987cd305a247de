package dev.upbeat.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Ownership of native memory. A tensor belongs to the innermost {@link PointerScope} that is open when it is created,
 * and is freed with it. Only two methods move a tensor out of its scope: {@link #call} moves it to the next outer
 * scope, {@link #keep} to an owner that closes it explicitly.
 */
public final class Scoped {
    private Scoped() {}

    /**
     * Runs {@code body} in a new scope, frees everything that it created except the result, and moves the result to the
     * caller's scope.
     *
     * @throws IllegalStateException if the caller has no open scope, because the result would never be freed
     */
    public static <P extends Pointer> P call(Supplier<P> body) {
        PointerScope outer = callerScope();
        try (PointerScope inner = new PointerScope()) {
            P result = body.get();
            outer.attach(result);
            return result;
        }
    }

    /** The innermost open scope, to which results are moved. */
    static PointerScope callerScope() {
        PointerScope scope = PointerScope.getInnerScope();
        if (scope == null) {
            throw new IllegalStateException(
                    "no PointerScope is open, so the result would never be freed; open one around the call");
        }
        return scope;
    }

    /** Runs {@code body} in a new scope and frees everything that it created. */
    public static void run(Runnable body) {
        try (PointerScope scope = new PointerScope()) {
            body.run();
        }
    }

    /** Lets a pointer outlive its scope. The new owner must call {@link Pointer#close()} exactly once. */
    public static <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        return pointer;
    }
}
