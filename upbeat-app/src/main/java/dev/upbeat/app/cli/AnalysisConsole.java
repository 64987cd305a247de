package dev.upbeat.app.cli;

import dev.upbeat.app.analyze.Analysis;
import dev.upbeat.app.analyze.AnalysisListener;
import dev.upbeat.app.analyze.StrongestAnchors;
import dev.upbeat.io.VisibleText;
import dev.upbeat.tokenizer.StreamingText;
import dev.upbeat.trace.Observation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Terminal output of an analysis or evaluation: progress, the streamed answer, the findings as sentences. */
final class AnalysisConsole implements AnalysisListener, AutoCloseable {
    private static final int ANCHORS = 5;

    private final CommonOptions common;
    private final @Nullable StreamingText stream;
    private final String announcement;
    private boolean announced;
    private @Nullable Progress progress;

    /**
     * @param stream decodes the only response, which is then shown in place of progress
     * @param announcement names the work; printed after its first part, because until then it may still be rejected
     */
    AnalysisConsole(CommonOptions common, @Nullable StreamingText stream, String announcement) {
        this.common = common;
        this.announcement = announcement;
        this.stream = stream;
    }

    @Override
    public void began(String stage, long total) {
        close();
        if (stream == null) {
            progress = common.progress(stage, total);
        }
    }

    @Override
    public void advanced(long units) {
        if (!announced) {
            announced = true;
            common.announce(announcement);
        }
        if (progress != null) {
            progress.advance(units);
        }
    }

    @Override
    public void spared(long units) {
        if (progress != null) {
            progress.spare(units);
        }
    }

    @Override
    public void drawn(int id) {
        if (stream != null) {
            common.out().print(VisibleText.harmless(stream.push(id)));
            common.out().flush();
        }
    }

    @Override
    public void written() {
        if (stream != null) {
            common.out().println(VisibleText.harmless(stream.finish()));
        }
    }

    @Override
    public void warn(String text) {
        close();
        common.warn(text);
    }

    /**
     * Prints the strongest anchors, each linkage with its controls, chunks and couplings, and the path of the report.
     */
    void summarize(Analysis.Result result) {
        close();
        List<String> anchors = StrongestAnchors.lines(
                result.traces(),
                result.seen().observations().stream().map(Observation::fai).toList(),
                ANCHORS);
        if (!anchors.isEmpty()) {
            common.out().println("Strongest anchors:");
            anchors.forEach(anchor -> common.out().println("  " + anchor));
        }
        result.study().texts().forEach(common.out()::println);
        result.beat().forEach(common.out()::println);
        common.out().println("report: " + result.directory().resolve("report.html"));
    }

    /** Clears the progress line. */
    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
