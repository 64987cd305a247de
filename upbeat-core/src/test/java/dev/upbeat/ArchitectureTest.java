package dev.upbeat;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.upbeat.tensor.Scoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The cut of the core: which package may use which. All may use {@code io}. */
class ArchitectureTest {
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("io", List.of()),
            Map.entry("series", List.of()),
            Map.entry("trace", List.of()),
            Map.entry("json", List.of()),
            Map.entry("tensor", List.of("json")),
            Map.entry("http", List.of()),
            Map.entry("hub", List.of("http", "json")),
            Map.entry("jinja", List.of()),
            Map.entry("gguf", List.of("checkpoint", "tensor")),
            Map.entry("tokenizer", List.of("gguf", "jinja", "json", "trace")),
            Map.entry("checkpoint", List.of("gguf", "json", "tensor", "tokenizer", "trace")),
            Map.entry("checkpoint.peft", List.of("checkpoint", "json", "tensor")),
            Map.entry("model", List.of("checkpoint", "tensor")),
            Map.entry("rhythm", List.of("series", "tensor", "trace")),
            Map.entry("stats", List.of("series")),
            Map.entry("linkage", List.of("credit", "series", "stats", "trace")),
            Map.entry("rollout", List.of("checkpoint", "model", "series", "tensor")),
            Map.entry("observe", List.of("checkpoint", "model", "rhythm", "tensor", "trace")),
            Map.entry("credit", List.of("series", "trace")),
            Map.entry("judge", List.of("task", "trace")),
            Map.entry(
                    "learn",
                    List.of("checkpoint", "json", "model", "observe", "series", "tensor", "tokenizer", "trace")),
            Map.entry("task", List.of("http", "series", "trace")), // its rule covers task.endpoint as well
            Map.entry(
                    "eval", List.of("checkpoint", "model", "rollout", "stats", "store", "task", "tokenizer", "trace")),
            Map.entry("store", List.of("credit", "json", "linkage", "series", "task", "trace")),
            Map.entry(
                    "study.grid",
                    List.of("checkpoint", "credit", "hub", "jinja", "json", "stats", "store", "task", "train")),
            Map.entry("study.choices", List.of("credit", "stats", "trace")),
            Map.entry("study.linkage", List.of("linkage", "observe", "stats", "store")),
            Map.entry(
                    "study.perturbation",
                    List.of("checkpoint", "eval", "model", "rollout", "stats", "store", "tokenizer", "trace")),
            Map.entry("task.countdown", List.of("series", "task", "trace")),
            Map.entry("task.endpoint", List.of("http", "task", "trace")),
            Map.entry("task.math", List.of("task", "trace")),
            Map.entry("task.qa", List.of("task", "trace")),
            Map.entry("task.zebra", List.of("series", "task", "trace")),
            Map.entry(
                    "train",
                    List.of(
                            "checkpoint",
                            "credit",
                            "eval",
                            "hub",
                            "json",
                            "judge",
                            "learn",
                            "model",
                            "observe",
                            "rhythm",
                            "rollout",
                            "series",
                            "store",
                            "task",
                            "tensor",
                            "tokenizer",
                            "trace")),
            Map.entry("train.config", List.of("credit", "json", "rhythm", "task", "trace")));

    private static final String[] NATIVE_CODE = {
        "dev.upbeat.tensor..",
        "dev.upbeat.gguf..",
        "dev.upbeat.checkpoint..",
        "dev.upbeat.model..",
        "dev.upbeat.rhythm..",
        "dev.upbeat.rollout..",
        "dev.upbeat.observe..",
        "dev.upbeat.learn.."
    };

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(
                    location -> !location.contains("-tests.jar")) // of the other modules, once they are packaged
            .importPackages("dev.upbeat");

    @Test
    void theTableHasOneRowForEachPackage() {
        Set<String> packages = new TreeSet<>();
        CORE.forEach(c -> packages.add(c.getPackageName().replaceFirst("^dev\\.upbeat\\.?", "")));
        packages.remove(""); // the entry to the library, which may use everything
        assertThat(packages).isEqualTo(MAY_USE.keySet());
    }

    @Test
    void aPackageUsesOnlyWhatTheTableAllows() {
        MAY_USE.forEach((name, others) -> {
            List<String> allowed = new ArrayList<>(List.of("dev.upbeat.io..", "dev.upbeat." + name + ".."));
            others.forEach(other -> allowed.add("dev.upbeat." + other + ".."));
            DescribedPredicate<JavaClass> foreign =
                    DescribedPredicate.not(resideInAPackage("dev.upbeat..")).as("classes of others");
            classes()
                    .that()
                    .resideInAPackage("dev.upbeat." + name + "..")
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(allowed.toArray(String[]::new)).or(foreign))
                    .check(CORE);
        });
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.upbeat.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void onlyTensorPackagesReachNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages(NATIVE_CODE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CORE);
    }

    @Test
    void nativeMemoryOutlivesItsScopeOnlyThroughScoped() {
        DescribedPredicate<JavaMethodCall> escape =
                describe("let a pointer outlive its scope", call -> switch (call.getName()) {
                    case "retainReference" ->
                        call.getTargetOwner().getPackageName().startsWith("org.bytedeco.");
                    case "detach" -> call.getTargetOwner().isEquivalentTo(PointerScope.class);
                    default -> false;
                });
        noClasses()
                .that()
                .doNotBelongToAnyOf(Scoped.class)
                .should()
                .callMethodWhere(escape)
                .check(CORE);
    }

    @Test
    void theLibraryPrintsNothing() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
    }

    @Test
    void nullnessIsCheckedInEveryPackage() {
        List<String> unmarked = CORE.stream()
                .filter(c -> !c.getPackage().isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .distinct()
                .toList();
        assertThat(unmarked).as("packages without @NullMarked").isEmpty();
    }

    @Test
    void theTableNamesOnlyItsOwnRows() {
        assertThat(MAY_USE.values().stream().flatMap(List::stream).toList()).isSubsetOf(MAY_USE.keySet());
    }
}
