package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.app.FakeMachine.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher on a machine that lacks a JDK or Maven. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class InstallationTest {
    private static final int STARTED = 3; // the fake java's exit status

    @TempDir
    private Path directory;

    private FakeMachine machine;

    @BeforeEach
    void aMachineWithoutMaven() throws IOException {
        machine = new FakeMachine(directory);
        machine.remove("mvn");
    }

    @ParameterizedTest
    @CsvSource({"debian, default-jdk-headless", "ubuntu, openjdk-17-jdk-headless"})
    void rootWithoutATerminalInstallsAndSaysSo(String distribution, String jdk) throws Exception {
        machine.distribution(distribution);
        Run run = upbeat(Map.of());
        assertThat(run.status()).as(run.err()).isEqualTo(STARTED);
        assertThat(run.err()).contains("installing by apt-get: " + jdk + " maven");
        assertThat(run.out()).as("standard output is the command's").startsWith("java ");
        assertThat(machine.log("apt")).hasSize(2);
        assertThat(machine.log("apt").get(0)).contains("update");
        assertThat(machine.log("apt").get(1))
                .contains("install --no-install-recommends " + jdk + " maven")
                .contains(" -y ")
                .contains("noninteractive");
        assertThat(machine.log("sudo")).isEmpty();
        assertThat(machine.log("mvn").get(0)).contains("JAVA_HOME=" + machine.directory.resolve("jvm/installed"));
    }

    @Test
    void onlyMissingPackagesAreInstalled() throws Exception {
        assertThat(upbeat(machine.withJdk()).status()).isEqualTo(STARTED);
        assertThat(machine.log("apt").get(1)).contains(" maven").doesNotContain("jdk");
    }

    @Test
    void nothingIsInstalledIfNothingIsMissing() throws Exception {
        machine.tool("mvn", machine.mvn);
        assertThat(upbeat(machine.withJdk()).status()).isEqualTo(STARTED);
        assertThat(machine.log("apt")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "YES"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs the script command of util-linux")
    void onATerminalYesInstallsBySudo(String answer) throws Exception {
        machine.user(1000);
        Run run = machine.onTerminal(answer, machine.home.resolve("upbeat"), Map.of(), "doctor");
        assertThat(run.status()).as(run.out()).isEqualTo(STARTED);
        assertThat(run.out()).contains("by sudo apt-get: default-jdk-headless maven? [y/N]");
        assertThat(machine.log("sudo")).isNotEmpty();
        assertThat(machine.log("apt").get(1)).contains("install", "maven noninteractive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "", "what?"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs the script command of util-linux")
    void onATerminalAnyOtherAnswerInstallsNothing(String answer) throws Exception {
        Run run = machine.onTerminal(answer, machine.home.resolve("upbeat"), Map.of(), "doctor");
        refused(run, run.out(), "nothing was installed", "apt-get install", "default-jdk-headless maven");
    }

    @Test
    void installingCanBeForbidden() throws Exception {
        Run run = upbeat(Map.of("UPBEAT_INSTALL", "no"));
        refused(run, run.err(), "UPBEAT_INSTALL=no", "JDK 17 or later", "Maven", "default-jdk-headless maven");
    }

    @Test
    void installingCanBeAllowedWithoutATerminal() throws Exception {
        machine.user(1000);
        assertThat(upbeat(Map.of("UPBEAT_INSTALL", "yes")).status()).isEqualTo(STARTED);
        assertThat(machine.log("sudo").get(0)).startsWith("sudo -n ");
    }

    @Test
    void anUnknownPermissionIsRejected() throws Exception {
        Run run = upbeat(Map.of("UPBEAT_INSTALL", "perhaps"));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("given perhaps", "expected yes or no");
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    void aUserWithoutATerminalInstallsNothing() throws Exception {
        machine.user(1000);
        Run run = upbeat(Map.of());
        refused(run, run.err(), "no terminal", "sudo apt-get install", "default-jdk-headless maven");
    }

    @Test
    void aUserWithoutSudoInstallsNothing() throws Exception {
        machine.user(1000);
        machine.remove("sudo");
        Run run = upbeat(Map.of("UPBEAT_INSTALL", "yes"));
        refused(run, run.err(), "no sudo", "as root: apt-get", "default-jdk-headless maven");
    }

    @Test
    void aSystemWithoutAptInstallsNothing() throws Exception {
        machine.remove("apt-get");
        Run run = upbeat(Map.of());
        refused(run, run.err(), "apt-get is not available", "default-jdk-headless maven", "brew install openjdk maven");
    }

    @ParameterizedTest
    @CsvSource({
        "E: Could not get lock /var/lib/apt/lists/lock, another program",
        "E: Temporary failure resolving 'archive.example.org', check the network",
        "E: Unable to locate package maven, above"
    })
    void aptFailuresAreExplained(String message, String cause) throws Exception {
        machine.tool("apt-get", "#!/bin/sh\necho \"" + message + "\" >&2\nexit 100\n");
        Run run = upbeat(Map.of());
        refused(run, run.err(), message, "apt-get failed", cause, "default-jdk-headless maven");
    }

    @Test
    void aFailedUpdateDoesNotHinderTheInstallation() throws Exception {
        Files.move(machine.tools.resolve("apt-get"), machine.tools.resolve("apt"));
        machine.tool("apt-get", "#!/bin/sh\ncase \"$*\" in *update*) exit 100 ;; *) apt \"$@\" ;; esac\n");
        assertThat(upbeat(Map.of()).status()).isEqualTo(STARTED);
    }

    @Test
    void anInstallationWithoutEffectIsReported() throws Exception {
        machine.tool("apt-get", "#!/bin/sh\n");
        Run run = upbeat(Map.of());
        refused(run, run.err(), "no JDK 17 or later even after the installation");
    }

    @Test
    void aNewerJdkElsewhereServesIfJavaIsTooOld() throws Exception {
        machine.tool("mvn", machine.mvn);
        Path old = FakeMachine.jdk(machine.directory.resolve("old"), "11.0.2");
        FakeMachine.jdk(machine.directory.resolve("jvm/a-old"), "1.8.0_402");
        Path newer = FakeMachine.jdk(machine.directory.resolve("jvm/b-new"), "21.0.4");
        Run run = upbeat(Map.of("JAVA_HOME", old.toString(), "PATH", machine.pathWith(old)));
        assertThat(run.out()).as(run.err()).startsWith("java " + newer + "/bin/java\n");
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    void rejectedJavasAreNamed() throws Exception {
        Path old = FakeMachine.jdk(machine.directory.resolve("old"), "1.8.0_402");
        Path runtime = FakeMachine.jdk(machine.directory.resolve("jvm/runtime"), "21.0.4");
        Files.delete(runtime.resolve("bin/javac"));
        Run run = upbeat(Map.of("UPBEAT_INSTALL", "no", "JAVA_HOME", "/no/jdk", "PATH", machine.pathWith(old)));
        refused(run, run.err(), "/no/jdk", "is not a JDK", old + " is Java 8", runtime + " has no compiler");
    }

    @Test
    void aRuntimeWithoutACompilerCannotBuild() throws Exception {
        Files.delete(machine.jdk.resolve("bin/javac"));
        assertThat(upbeat(machine.withJdk()).status()).isEqualTo(STARTED);
        assertThat(machine.log("apt").get(1)).contains("default-jdk-headless maven");
    }

    @Test
    void aRuntimeWithoutACompilerRunsAFinishedBuild() throws Exception {
        upbeat(machine.withJdk());
        Files.delete(machine.jdk.resolve("bin/javac"));
        machine.remove("mvn");
        assertThat(upbeat(machine.withJdk()).out()).startsWith("java " + machine.jdk);
        assertThat(machine.log("apt")).as("of the first start").hasSize(2);
    }

    @Test
    void aFinishedBuildNeedsNoMaven() throws Exception {
        upbeat(machine.withJdk());
        machine.remove("mvn");
        assertThat(upbeat(Map.of()).status()).isEqualTo(STARTED);
        assertThat(machine.log("apt").get(3)).contains("default-jdk-headless").doesNotContain("maven");
    }

    private Run upbeat(Map<String, String> env) throws Exception {
        return machine.run(machine.home.resolve("upbeat"), env, "doctor");
    }

    private void refused(Run run, String message, String... parts) throws IOException {
        assertThat(run.status()).as(message).isEqualTo(1);
        assertThat(message).contains(parts).doesNotContain("building");
        assertThat(machine.log("mvn")).isEmpty();
    }
}
