package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.DocExample;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's documented example with the class path that {@code ./upbeat --classpath} prints. */
class LibraryExampleTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void theExampleFindsAnchorsOfTheBundledModel(@TempDir Path directory) throws Exception {
        // What the launcher prints (LauncherTest), read here so that a test never starts a build.
        String classpath = MODULE.resolve("target/classes")
                + File.pathSeparator
                + Files.readString(MODULE.resolve("target/classpath")).strip();
        String model = MODULE.resolveSibling("models").resolve("countdown").toString();
        String out = DocExample.run("Anchors", classpath, directory, model);
        assertThat(out.lines().count()).as(out).isBetween(3L, 40L);
        assertThat(out.lines()).as(out).allMatch(line -> line.matches("\\d+ .*"));
    }

    @Test
    void theCoordinatesAreThoseOfTheProject() throws Exception {
        String pom = Files.readString(MODULE.resolveSibling("pom.xml"));
        String version = pom.replaceAll("(?s)^.*?<version>([^<]*)</version>.*", "$1");
        assertThat(Files.readString(MODULE.resolveSibling("docs").resolve("library.md")))
                .contains("<version>" + version + "</version>");
    }
}
