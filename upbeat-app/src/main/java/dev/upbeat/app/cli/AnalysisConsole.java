package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.Analysis;
import dev.upbeat.checkpoint.StreamingText;
import dev.upbeat.rhythm.LinkageStudy;
import dev.upbeat.rhythm.LinkageText;
import dev.upbeat.rhythm.TokenScope;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the terminal shows of an analysis: progress, the answer as it is written, the findings in plain words. */
final class AnalysisConsole implements Analysis.Listener {
    private final CommonOptions common;
    private final @Nullable StreamingText stream;
    private @Nullable Progress progress;

    AnalysisConsole(CommonOptions common, Upbeat model, boolean streams) {
        this.common = common;
        this.stream = streams ? model.tokenizer().stream() : null;
    }

    @Override
    public void began(String stage, long total) {
        ended();
        if (stream == null) {
            progress = common.progress(stage, total);
        }
    }

    @Override
    public void advanced(long units) {
        if (progress != null) {
            progress.advance(units);
        }
    }

    @Override
    public void drawn(int id) {
        if (stream != null) {
            common.out().print(stream.push(id));
            common.out().flush();
        }
    }

    @Override
    public void written() {
        if (stream != null) {
            common.out().println(stream.finish());
        }
    }

    @Override
    public void ended() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }

    @Override
    public void warn(String text) {
        ended();
        common.warn(text);
    }

    /** The linkages over all tokens, a sentence each, and where the report is. */
    void summary(LinkageStudy study, Path run) {
        ended();
        study.linkages().stream()
                .filter(result -> result.scope() == TokenScope.ALL_TOKENS)
                .forEach(result -> common.out().println(LinkageText.sentence(result, study.settings())));
        common.out().println("report: " + run.resolve("report.html"));
    }
}
