package dev.upbeat.app.cli;

import dev.upbeat.eval.Evaluation;
import org.jspecify.annotations.Nullable;

/** How far the answers are, on the terminal. */
final class EvalProgress implements Evaluation.Listener, AutoCloseable {
    private final CommonOptions common;
    private @Nullable Progress progress;

    EvalProgress(CommonOptions common) {
        this.common = common;
    }

    @Override
    public void began(long tokens) {
        progress = common.progress("answering", tokens);
    }

    @Override
    public void advanced(long tokens) {
        if (progress != null) {
            progress.advance(tokens);
        }
    }

    @Override
    public void spared(long tokens) {
        if (progress != null) {
            progress.spare(tokens);
        }
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
