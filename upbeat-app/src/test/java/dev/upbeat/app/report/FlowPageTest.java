package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.upbeat.trace.FlowEdges;
import dev.upbeat.trace.Observation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The answer flow on the page. */
class FlowPageTest extends BrowserTest {
    private static final int TOKEN = 20;

    /** Whether the strip has ink left of the pinned token, and right of it. */
    private static final String SIDES = "([t, length]) => { const canvas = document.querySelector('.flow canvas');"
            + " const over = document.querySelector('.u-over').getBoundingClientRect(); const left = canvas.getBoundingClientRect().left;"
            + " const x = Math.round((over.left - left + over.width * t / (length - 1)) * devicePixelRatio);"
            + " const ctx = canvas.getContext('2d'); const height = 30 * devicePixelRatio;"
            + " const ink = (from, to) => ctx.getImageData(from, 0, to - from, height).data.some((v, i) => i % 4 === 3 && v > 0);"
            + " return [ink(0, x - 8), ink(x + 8, canvas.width)]; }";

    @Test
    void aTokensFlowIsDrawnAndToldInWords() throws IOException {
        ReportRow row = row();
        try (PageSession s = wide(row)) {
            Locator strip = s.page.locator(".track.flow");
            assertThat(strip.locator(".hint").textContent()).contains("where its flow comes from");
            s.token(TOKEN).dispatchEvent("click");
            assertThat(s.page.evaluate(SIDES, List.of(TOKEN, row.trace().responseIds().length)))
                    .isEqualTo(List.of(true, true));
            Locator details = s.page.locator("section[aria-label='Answer flow']");
            assertThat(details.locator(".note").textContent())
                    .isEqualTo(
                            "10.0% of the attention that flows from the prompt to the answer passes through this token:"
                                    + " 75% of it comes from the tokens listed, 50% goes on to those listed.");
            assertThat(details.locator("h4").allTextContents()).containsExactly("comes from", "goes on to");
            assertThat(details.locator(".link .number").allTextContents()).containsExactly("0.500", "0.250", "0.500");
            assertThat(details.locator(".link").first().getAttribute("title"))
                    .contains("in the prompt", "share of the flow 0.5000");
            details.locator(".link").last().press("Enter");
            assertThat(s.hash()).contains("token=" + (TOKEN + 12));
            assertThat(details.locator(".note").textContent())
                    .contains("ends at this token, which belongs to the answer");
        }
    }

    @Test
    void theTextShowsTheFlowIfItIsTheTint() throws IOException {
        try (PageSession s = wide(row())) {
            s.token(TOKEN).dispatchEvent("click");
            s.page.keyboard().press("7");
            assertThat(s.hash()).contains("by=flow");
            assertThat(s.count("#list .spark svg")).isEqualTo(1);
            assertThat(classes(s, TOKEN - 5)).contains("source");
            assertThat(classes(s, TOKEN + 12)).contains("target");
            assertThat(s.count(".t.source") + s.count(".t.target")).isEqualTo(2);
            s.page.keyboard().press("1");
            assertThat(s.count(".t.source") + s.count(".t.target")).isGreaterThan(2);
        }
    }

    @Test
    void itCanBeSwitchedOffWhereItIsThere() throws IOException {
        try (PageSession s = wide(row())) {
            assertThat(s.page.locator(".track.flow").isVisible()).isTrue();
            s.page.keyboard().press("f");
            assertThat(s.page.locator(".track.flow").isVisible()).isFalse();
            s.page.locator(".menu summary:text-is('Show')").click();
            s.page.locator("#flow").check();
            assertThat(s.page.locator(".track.flow").isVisible()).isTrue();
        }
        try (PageSession s = wide(plain())) {
            assertThat(s.page.locator(".track.flow").isVisible()).isFalse();
            s.page.locator(".menu summary:text-is('Show')").click();
            assertThat(s.page.locator("#chunks").isVisible()).isTrue();
            assertThat(s.page.locator("#flow").isVisible()).isFalse();
            s.token(TOKEN).dispatchEvent("click");
            assertThat(s.count("section[aria-label='Answer flow']")).isZero();
            assertThat(s.errors).isEmpty();
        }
    }

    @Test
    void withoutAnAnswerTheFlowIsUndefined() throws IOException {
        ReportRow row = plain();
        int length = row.trace().responseIds().length;
        float[] flow = new float[length];
        Arrays.fill(flow, Float.NaN);
        try (PageSession s = wide(with(row, flow, edges(length)))) {
            s.token(TOKEN).dispatchEvent("click");
            assertThat(s.page.locator("section[aria-label='Answer flow']").textContent())
                    .contains("undefined");
            assertThat(s.errors).isEmpty();
        }
    }

    private static String classes(PageSession s, int token) {
        return s.token(token).getAttribute("class");
    }

    private static ReportRow plain() {
        return DemoReport.row("a", DemoText.prompt(0), DemoText.response(0), 1, 0, false);
    }

    /** Half of the flow through {@link #TOKEN} comes from the prompt, a quarter from 5 tokens before; half goes 12 on. */
    private static ReportRow row() {
        ReportRow row = plain();
        int prompt = row.trace().promptIds().length;
        int length = row.trace().responseIds().length;
        float[] flow = new float[length];
        Arrays.fill(flow, 0.01f);
        flow[TOKEN] = 0.1f;
        FlowEdges edges = edges(length);
        edges.inPositions()[TOKEN] = new int[] {2, prompt + TOKEN - 5};
        edges.inFlows()[TOKEN] = new float[] {0.05f, 0.025f};
        edges.outPositions()[TOKEN][0] = prompt + TOKEN + 12;
        edges.outFlows()[TOKEN][0] = 0.05f;
        edges.inPositions()[TOKEN + 12][0] = prompt + TOKEN;
        edges.inFlows()[TOKEN + 12][0] = 0.01f;
        return with(row, flow, edges);
    }

    private static FlowEdges edges(int length) {
        int[][] in = new int[length][2];
        int[][] out = new int[length][2];
        for (int t = 0; t < length; t++) {
            Arrays.fill(in[t], -1);
            Arrays.fill(out[t], -1);
        }
        return new FlowEdges(in, new float[length][2], out, new float[length][2]);
    }

    private static ReportRow with(ReportRow row, float[] flow, FlowEdges edges) {
        Observation seen = row.observation();
        return new ReportRow(
                row.trace(),
                new Observation(
                                seen.logProbs(),
                                seen.entropyNats(),
                                seen.waad(),
                                seen.fai(),
                                null,
                                Objects.requireNonNull(seen.links()).with(edges),
                                null)
                        .with(Observation.FLOW, flow),
                row.promptTokens(),
                null,
                List.of(),
                row.peaks());
    }

    private PageSession wide(ReportRow row) throws IOException {
        return PageSession.open(chromium, directory, DemoReport.report(List.of(row)), "", 1600, 1400);
    }
}
