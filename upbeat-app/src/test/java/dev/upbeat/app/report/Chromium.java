package dev.upbeat.app.report;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The system's Chromium, driven by Playwright, which downloads no browser of its own. */
final class Chromium implements AutoCloseable {
    private static final String VARIABLE = "UPBEAT_CHROMIUM";
    private static final String USUAL = "/usr/bin/chromium";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium launch() {
        Path executable = executable(System.getenv(VARIABLE));
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    /** Without a browser the page's tests would say nothing: they fail, and name what to install. */
    static Path executable(@Nullable String named) {
        Path executable = Path.of(Objects.requireNonNullElse(named, USUAL));
        if (!Files.isExecutable(executable)) {
            throw new IllegalStateException(
                    "no Chromium at " + executable + ": the report's tests drive a real browser; install it (Debian: "
                            + "apt-get install chromium) or name one by the environment variable " + VARIABLE);
        }
        return executable;
    }

    Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
