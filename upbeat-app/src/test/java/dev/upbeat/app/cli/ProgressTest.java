package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter terminal = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void theLineTellsTheShareDoneAndTheTimeLeft() {
        try (Progress progress = progress(70)) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(13));
            progress.advance(7);
        }
        assertThat(terminal.toString()).contains("traces [===" + " ".repeat(27) + "] 7/70, 1:57 left");
    }

    @Test
    void workDoneBeforeTheStartIsNotPartOfTheSpeed() {
        try (Progress progress = progress(12)) {
            progress.begin(7);
            clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
            progress.advance(1);
        }
        assertThat(terminal.toString()).contains("] 8/12, 0:40 left");
    }

    @Test
    void aSecondRedrawsATerminalTenTimesAtMost() {
        try (Progress progress = progress(1_000_000)) {
            for (int i = 0; i < 1000; i++) {
                clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
                progress.advance(1);
            }
        }
        assertThat(terminal.toString().split("left", -1)).hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void theEndIsDrawnAndThenTheLineIsWiped() {
        Progress progress = progress(2);
        progress.advance(1);
        progress.advance(1);
        assertThat(terminal.toString()).contains("] 2/2, 0:00 left");
        progress.close();
        assertThat(terminal.toString()).endsWith("\r\033[K");
    }

    @Test
    void workThatIsSparedIsNotWaitedFor() {
        try (Progress progress = progress(100)) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
            progress.advance(10);
            progress.spare(70);
            clock.addAndGet(TimeUnit.SECONDS.toNanos(5));
            progress.advance(5);
        }
        assertThat(terminal.toString()).contains("] 10/100, 1:30 left").contains("] 15/30, 0:15 left");
    }

    @Test
    void withoutOutputNothingIsDrawn() {
        try (Progress progress = new Progress("traces", 2, null, clock::get)) {
            progress.advance(2);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void workBetweenTwoUnitsIsShown() {
        try (Progress progress = progress(10)) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(13));
            progress.between("step 1: rollouts 40 %");
        }
        assertThat(terminal.toString()).contains("] 0/10, step 1: rollouts 40 %");
    }

    @Test
    void aLogGetsWorkBetweenTwoUnitsEveryHalfMinute() {
        try (Progress progress = Progress.logged("training", 10, new PrintWriter(terminal), clock::get)) {
            for (int percent = 1; percent <= 70; percent++) {
                clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
                progress.between("step 0: evaluating " + percent + " %");
            }
        }
        assertThat(terminal.toString().lines())
                .containsExactly("training: 0/10, step 0: evaluating 30 %", "training: 0/10, step 0: evaluating 60 %");
    }

    @Test
    void aLogGetsFewProgressLines() {
        try (Progress progress = Progress.logged("traces", 1000, new PrintWriter(terminal), clock::get)) {
            for (int i = 0; i < 100; i++) {
                clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
                progress.advance(10);
            }
        }
        assertThat(terminal.toString().lines())
                .containsExactly(
                        "traces: 30 % (300/1000), 1:10 left",
                        "traces: 60 % (600/1000), 0:40 left", "traces: 90 % (900/1000), 0:10 left");
    }

    @Test
    void aLogOfADayHasAHundredLines() {
        try (Progress progress = Progress.logged("traces", 86_400, new PrintWriter(terminal), clock::get)) {
            for (int i = 0; i < 86_400; i++) {
                clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
                progress.advance(1);
            }
        }
        assertThat(terminal.toString().lines()).hasSize(99).first().isEqualTo("traces: 1 % (864/86400), 1425:36 left");
    }

    @Test
    void nothingToDoIsADefectOfTheCaller() {
        assertThatThrownBy(() -> progress(0)).hasMessageContaining("total is 0");
    }

    private Progress progress(long total) {
        return new Progress("traces", total, new PrintWriter(terminal), clock::get);
    }
}
