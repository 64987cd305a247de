package dev.upbeat.app.cli;

import dev.upbeat.eval.Evaluation;
import org.jspecify.annotations.Nullable;

/** Progress of an evaluation on the terminal. */
final class EvalProgress implements Evaluation.Listener, AutoCloseable {
    private final CommonOptions common;
    private final String announcement;
    private boolean announced;
    private @Nullable Progress progress;

    /**
     * @param announcement names the work; printed after the first token, because until then it may still be rejected
     */
    EvalProgress(CommonOptions common, String announcement) {
        this.common = common;
        this.announcement = announcement;
    }

    @Override
    public void began(long tokens) {
        progress = common.progress("answering", tokens);
    }

    @Override
    public void advanced(long tokens) {
        if (!announced) {
            announced = true;
            common.announce(announcement);
        }
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
