package dev.upbeat.testing;

import dev.upbeat.tensor.Libtorch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests of many tiny products: these are not worth a second thread, and on a busy machine threads wait for each other. */
@NullMarked
public final class OneThread implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Libtorch.start(1);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Libtorch.start(0);
    }
}
