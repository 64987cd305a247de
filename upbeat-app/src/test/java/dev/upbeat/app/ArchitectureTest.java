package dev.upbeat.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses APP = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.upbeat.app");

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.upbeat.app.cli..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(APP);
    }

    @Test
    void theCommandLineIsUsedByNothing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.upbeat.app.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.upbeat.app.cli..")
                .check(APP);
    }

    @Test
    void theAppLeavesNativeCodeToTheCore() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(APP);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.upbeat.app.(*)..").should().beFreeOfCycles().check(APP);
    }

    @Test
    void nullnessIsCheckedInEveryPackage() {
        assertThat(APP.stream()
                        .filter(c -> !c.getPackage().isAnnotatedWith(NullMarked.class))
                        .map(JavaClass::getPackageName)
                        .distinct())
                .as("packages without @NullMarked")
                .isEmpty();
    }
}
