package dev.upbeat.app.report;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A report, opened from disk in a browser without a network, or a page of a server; hears every error and every request. */
final class PageSession implements AutoCloseable {
    private final BrowserContext context;
    private final @Nullable Path file;
    final Page page;
    final List<String> errors = new ArrayList<>();
    final List<String> requests = new ArrayList<>();

    private PageSession(BrowserContext context, @Nullable Path file) {
        this.context = context;
        this.file = file;
        context.setDefaultTimeout(60_000);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.onDialog(dialog -> {
            errors.add("dialog " + dialog.message());
            dialog.dismiss();
        });
        page.onRequest(request -> requests.add(request.url()));
    }

    static PageSession open(Chromium chromium, Path directory, ReportData report, String hash, int width, int height)
            throws IOException {
        return open(chromium, directory, report, hash, width, height, ColorScheme.LIGHT);
    }

    static PageSession open(
            Chromium chromium,
            Path directory,
            ReportData report,
            String hash,
            int width,
            int height,
            ColorScheme scheme)
            throws IOException {
        Path file = directory.resolve("report.html");
        ReportWriter.write(file, report);
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme)
                        .setAcceptDownloads(true));
        context.setOffline(true);
        PageSession session = new PageSession(context, file);
        session.page.navigate(file.toUri() + hash);
        session.page.waitForSelector("html[data-ready=true]");
        return session;
    }

    /** Opens a page of a server. */
    static PageSession visit(Chromium chromium, String url, int width, int height, ColorScheme scheme) {
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme));
        PageSession session = new PageSession(context, null);
        context.setDefaultTimeout(20_000);
        session.page.navigate(url);
        return session;
    }

    /** Token t of the response, where it is in view. */
    Locator token(int t) {
        return page.locator("[id='t" + t + "']");
    }

    /** What a curve's label says of the value at the cursor. */
    String reading(String metric) {
        return page.locator(".curve[data-metric=" + metric + "] .value").textContent();
    }

    /** The address's hash, which follows what is seen with a short delay. */
    String hash() {
        return (String) page.evaluate("new Promise(done => setTimeout(() => done(location.hash), 150))");
    }

    int count(String selector) {
        return page.locator(selector).count();
    }

    Object js(String expression) {
        return page.evaluate(expression);
    }

    /** The text of a file that an action saves. */
    String saved(Runnable action) throws IOException {
        return new String(savedBytes(action), StandardCharsets.UTF_8);
    }

    byte[] savedBytes(Runnable action) throws IOException {
        Download download = page.waitForDownload(action);
        return Files.readAllBytes(download.path());
    }

    Path file() {
        return Objects.requireNonNull(file, "a page from a server has no file");
    }

    @Override
    public void close() {
        context.close();
    }
}
