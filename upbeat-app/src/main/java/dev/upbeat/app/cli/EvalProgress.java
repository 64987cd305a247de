package dev.upbeat.app.cli;

import dev.upbeat.eval.Evaluation;
import org.jspecify.annotations.Nullable;

/** How far the answers are, on the terminal. */
final class EvalProgress implements Evaluation.Listener, AutoCloseable {
    private final CommonOptions common;
    private final String announcement;
    private boolean announced;
    private @Nullable Progress progress;

    /** @param announcement what is begun; said once the first token is there, for until then it may be refused */
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
