package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.app.FakeMachine.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code verify} at the project's root. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "verify is a shell script")
class VerifyScriptTest {
    @TempDir
    private Path directory;

    private FakeMachine machine;

    @BeforeEach
    void aMachineWithAJdk() throws IOException {
        machine = new FakeMachine(directory);
    }

    @Test
    void runsTheQuickTestsByMaven() throws Exception {
        Run run = verify();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("Tests run: 7, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(run.err()).contains("passed").doesNotContain("Chromium");
        assertThat(machine.log("mvn")).hasSize(1);
        assertThat(machine.log("mvn").get(0))
                .contains(" verify", machine.home + "/pom.xml", "JAVA_HOME=" + machine.jdk)
                .doesNotContain("slow");
    }

    @Test
    void slowRunsAllTests() throws Exception {
        assertThat(verify("slow").status()).isZero();
        assertThat(machine.log("mvn").get(0)).contains("-Pslow verify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "--slow", ""})
    void unknownArgumentsAreRejected(String argument) throws Exception {
        Run run = verify(argument);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("given '" + argument + "'", "expected none or slow", "Usage: ./verify");
        assertThat(machine.log("mvn")).isEmpty();
    }

    @Test
    void aSecondArgumentIsRejected() throws Exception {
        Run run = verify("slow", "fast");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("given 'slow fast'");
    }

    @Test
    void helpExplainsTheArguments() throws Exception {
        Run run = verify("--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("./verify [slow]", "UPBEAT_INSTALL=no", "Exit status");
        assertThat(machine.log("mvn")).isEmpty();
    }

    @Test
    void linksLeadToTheProject() throws Exception {
        Path bin = Files.createDirectories(machine.directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("first"), Path.of("..", "a place of its own", "verify"));
        Path link = Files.createSymbolicLink(bin.resolve("check"), bin.resolve("first"));
        assertThat(machine.run(link, machine.withJdk()).status()).isZero();
        assertThat(machine.log("mvn").get(0)).contains(machine.home + "/pom.xml");
    }

    @Test
    void failedTestsFailAndShowTheLog() throws Exception {
        machine.tool("mvn", "#!/bin/sh\necho '[ERROR] aTest:12'\necho 'the last line'\nexit 1\n");
        Run run = verify();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("[ERROR] aTest:12");
        assertThat(run.err())
                .contains("the last line", "failed", "target/verify.log")
                .doesNotContain("passed");
        assertThat(machine.home.resolve("target/verify.log")).content().contains("the last line");
    }

    @Test
    void rootGetsEverythingThatIsMissing() throws Exception {
        machine.remove("mvn", "chromium");
        Run run = verify(Map.of());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(machine.log("apt").get(1)).contains("default-jdk-headless maven chromium");
        assertThat(run.err()).doesNotContain("skipped");
    }

    @Test
    void onUbuntuThePageTestsAreSkippedWithoutChromium() throws Exception {
        machine.distribution("ubuntu");
        machine.remove("chromium");
        Run run = verify();
        skipped(run, run.err());
        assertThat(run.err()).contains("snap");
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    void snapBrowsersAreNotUsedForTests() throws Exception {
        machine.distribution("ubuntu");
        machine.remove("chromium");
        machine.tool("chromium-browser", "#!/bin/sh\nexec /snap/bin/chromium \"$@\"\n");
        Run run = verify();
        skipped(run, run.err());
    }

    @Test
    void chromeServesAsWell() throws Exception {
        machine.remove("chromium");
        machine.tool("google-chrome", "#!/bin/sh\n");
        assertThat(verify().err()).contains("passed").doesNotContain("Chromium");
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    void withoutPermissionThePageTestsAreSkipped() throws Exception {
        machine.remove("chromium");
        Map<String, String> env = new HashMap<>(machine.withJdk());
        env.put("UPBEAT_INSTALL", "no");
        Run run = verify(env);
        skipped(run, run.err());
        assertThat(run.err()).contains("apt-get install --no-install-recommends chromium");
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs the script command of util-linux")
    void answeringNoSkipsThePageTests() throws Exception {
        machine.remove("chromium");
        Run run = machine.onTerminal("n", machine.home.resolve("verify"), machine.withJdk());
        skipped(run, run.out());
        assertThat(machine.log("apt")).isEmpty();
    }

    @Test
    void withoutPermissionNothingIsBuiltIfMavenIsMissing() throws Exception {
        machine.remove("mvn", "chromium");
        Run run = verify(Map.of("UPBEAT_INSTALL", "no"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("default-jdk-headless maven chromium").doesNotContain("building");
    }

    @Test
    void aBrowserThatIsNotThereIsRejected() throws Exception {
        Run run = verify(Map.of("UPBEAT_CHROMIUM", "/no/such/browser"));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("/no/such/browser");
    }

    private Run verify(String... args) throws Exception {
        return machine.run(machine.home.resolve("verify"), machine.withJdk(), args);
    }

    private Run verify(Map<String, String> env) throws Exception {
        return machine.run(machine.home.resolve("verify"), env);
    }

    /** The tests ran, and both the start and the end of the messages say what was skipped. */
    private void skipped(Run run, String messages) throws IOException {
        assertThat(run.status()).as(messages).isZero();
        assertThat(machine.log("mvn")).hasSize(1);
        String skip = "the tests of the report's page are skipped";
        assertThat(messages.substring(0, messages.lastIndexOf(skip))).contains(skip);
        assertThat(messages).contains("UPBEAT_CHROMIUM", "passed");
    }
}
