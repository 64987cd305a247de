package dev.upbeat.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * How long a token takes from its decoding in the server, in a process of its own, to its tint in the browser. Publishes the
 * figures, and asserts none, because they depend on the machine.
 */
@Tag("slow")
class AskLatencyTest extends BrowserTest {
    private static final int ANSWERS = 5;

    /** Notes when the server drew each token, from the stream, and when the frame after its first tint began. */
    private static final String WATCH = "(() => { window.drawn = []; window.tinted = []; const fetched = window.fetch;"
            + " window.fetch = async (path, options) => { const response = await fetched(path, options);"
            + " if (path !== '/v1/generate') { return response; } const [page, own] = response.body.tee();"
            + " (async () => { let text = ''; const reader = own.pipeThrough(new TextDecoderStream()).getReader();"
            + " for (;;) { const { done, value } = await reader.read(); if (done) { return; } text += value;"
            + " const events = text.split('\\n\\n'); text = events.pop(); for (const event of events) {"
            + " const token = /^event: token\\ndata: (.*)$/.exec(event); if (token) { drawn.push(JSON.parse(token[1]).time); }"
            + " } } })(); return new Response(page, { status: response.status, headers: response.headers }); };"
            + " const seen = new WeakMap(); let count = 0; new MutationObserver((changes) => changes.forEach((change) => {"
            + " change.addedNodes.forEach((node) => node.matches?.('.stream .t') && seen.set(node, count++));"
            + " const token = seen.get(change.target); if (change.type === 'attributes' && token !== undefined"
            + " && change.target.style.backgroundColor) { seen.delete(change.target);"
            + " requestAnimationFrame(() => { tinted[token] = Date.now(); }); } }))"
            + ".observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] });"
            + " })()";

    @Test
    void tokensAreTintedSoonAfterTheyAreDecoded(TestReporter reporter) throws Exception {
        try (ServedProcess server = ServedProcess.start(0);
                PageSession s = PageSession.visit(chromium, server.url() + "/#/ask", 1600, 900, ColorScheme.LIGHT)) {
            s.page.waitForSelector("#question");
            s.js(WATCH);
            for (int i = 0; i < ANSWERS; i++) {
                s.page.locator("#question").fill("12 25 7 " + (i + 3) + " > 84\n");
                s.page.locator("button:text-is('Ask')").click();
                s.page.waitForSelector(".stream");
                s.page.waitForSelector(".curve[data-metric=entropy] canvas");
            }
            List<?> ms = (List<?>)
                    s.js("drawn.map((time, t) => tinted[t] - time).filter(Number.isFinite).sort((a, b) => a - b)");
            int tokens = (Integer) s.js("drawn.length");
            assertThat(ms).hasSize(tokens);
            Object rate = s.js("(() => { let time = 0; let steps = 0; drawn.forEach((at, t) => {"
                    + " const step = at - drawn[t - 1]; if (step < 500) { time += step; steps++; } });"
                    + " return Math.round(1000 * steps / time); })()");
            reporter.publishEntry("tokens", tokens + ", " + rate + " a second");
            reporter.publishEntry(
                    "ms to the tint",
                    "median " + ms.get(tokens / 2) + ", 95 % " + ms.get(tokens * 95 / 100) + ", most "
                            + ms.get(tokens - 1));
        }
    }
}
