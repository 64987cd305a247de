package dev.upbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/architecture.md against the packages and classes of the code. */
class ArchitecturePageTest {
    private static final String BASE = "dev.upbeat.";

    /** A class with its package, such as {@code rhythm.Fai}; those of the app are not on this class path. */
    private static final Pattern CLASS = Pattern.compile("`((?!app\\.)[a-z.]+\\.[A-Z][A-Za-z]*)");

    private String page = "";

    @BeforeEach
    void readThePage() throws IOException {
        page = Files.readString(Path.of("../docs/architecture.md"));
    }

    @Test
    void thePageListsEveryPackage() {
        Set<String> packages = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.upbeat").stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(BASE) && !name.equals(BASE + "testing"))
                        .map(name -> name.substring(BASE.length()))
                        .collect(Collectors.toSet());
        assertThat(packages).isNotEmpty().allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }

    @Test
    void everyClassThatThePageNamesExists() {
        List<String> classes =
                CLASS.matcher(page).results().map(named -> named.group(1)).toList();
        assertThat(classes).isNotEmpty().allSatisfy(name -> assertThatCode(() -> Class.forName(BASE + name))
                .as(name)
                .doesNotThrowAnyException());
    }
}
