package dev.upbeat.app.report;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A browser for all tests of a class, and a directory for the pages of each. */
@ExtendWith(NeedsChromium.class)
@SuppressWarnings("NullAway.Init") // the browser is there before every test
abstract class BrowserTest {
    static Chromium chromium;

    @TempDir
    Path directory;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }
}
