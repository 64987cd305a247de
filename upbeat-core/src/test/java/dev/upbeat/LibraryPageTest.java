package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.testing.DocExample;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/library.md that loads a model, with the libraries that {@code ./upbeat --classpath} prints. */
class LibraryPageTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theExampleFindsAnchorsOfTheBundledModel(@TempDir Path directory) throws Exception {
        String classpath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test"))
                .collect(Collectors.joining(File.pathSeparator));
        String model = REPOSITORY.resolve("models").resolve("countdown").toString();
        String out = DocExample.run("FindAnchors", classpath, directory, model);
        assertThat(out.lines().count()).as(out).isBetween(3L, 40L);
        assertThat(out.lines()).as(out).allMatch(line -> line.matches("\\d+ .*"));
    }

    @Test
    void theCoordinatesAreThoseOfTheProject() throws Exception {
        String pom = Files.readString(REPOSITORY.resolve("pom.xml"));
        String version = pom.replaceAll("(?s)^.*?<version>([^<]*)</version>.*", "$1");
        assertThat(Files.readString(REPOSITORY.resolve("docs").resolve("library.md")))
                .contains("<version>" + version + "</version>");
    }
}
