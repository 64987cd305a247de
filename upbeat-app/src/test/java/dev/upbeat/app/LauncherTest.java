package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.app.FakeMachine.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code upbeat} at the project's root, with a java and a mvn that only say how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
    @TempDir
    private Path directory;

    private FakeMachine machine;
    private Path home;
    private Path jdk;

    @BeforeEach
    void aProjectInAPathWithSpaces() throws IOException {
        machine = new FakeMachine(directory);
        home = machine.home;
        jdk = machine.jdk;
    }

    @Test
    void whereNothingIsBuiltItBuildsAndThenStarts() throws Exception {
        Run run = run("doctor", "--json");
        assertThat(run.err()).contains("building");
        assertThat(Files.readString(home.resolve("mvn.log")))
                .contains("compile")
                .doesNotContain("install");
        assertThat(run.out()).contains("arg dev.upbeat.app.cli.Main\narg doctor\narg --json\n");
        assertThat(run.out()).contains("arg " + home + "/upbeat-app/target/classes:" + home + "/library.jar\n");
        assertThat(run.status()).as("the status is the command's").isEqualTo(3);
    }

    @Test
    void theBuildsClassesStartFromAnArchive() throws Exception {
        machine.tool("../jdk/bin/jar", "#!/bin/sh\necho \"$*\" >\"$3\"\n");
        machine.tool("../jdk/bin/java", """
                #!/bin/sh
                case "$*" in
                  *ArchiveClassesAtExit*) exit 0 ;;
                esac
                for arg; do echo "arg $arg"; done
                """);
        Path launch = home.resolve("upbeat-app/target/launch");
        assertThat(run("doctor").out())
                .contains("arg -XX:SharedArchiveFile=" + launch + "/classes.jsa\n")
                .contains("arg " + launch + "/upbeat-app.jar:" + home + "/library.jar\n");
        assertThat(Files.readString(launch.resolve("upbeat-core.jar")))
                .endsWith("-C " + home + "/upbeat-core/target/classes .\n");
        FileTime later = FileTime.from(Instant.now().plusSeconds(5));
        Files.setLastModifiedTime(home.resolve("upbeat-app/target/classpath"), later);
        assertThat(run("doctor").out())
                .as("after a build without the launcher")
                .contains("arg " + home + "/upbeat-app/target/classes:" + home + "/library.jar\n");
    }

    @Test
    void anUpToDateBuildIsNotRepeated() throws Exception {
        run("doctor");
        assertThat(run("doctor").err()).isEmpty();
        assertThat(machine.log("mvn")).hasSize(1);
    }

    @Test
    void aSourceThatIsNewerThanTheBuildIsBuilt() throws Exception {
        run("doctor");
        Path source = Files.createFile(home.resolve("upbeat-core/src/main/java/Changed.java"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run("doctor").err()).contains("sources have changed, building");
        assertThat(machine.log("mvn")).hasSize(2);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "macOS has no flock")
    void aSecondStartWaitsForTheBuildOfTheFirst() throws Exception {
        machine.show("flock");
        Path go = directory.resolve("go");
        String wait = "while [ ! -e '" + go + "' ]; do /bin/sleep 0.01; done\nmkdir";
        machine.tool("mvn", machine.mvn.replace("mkdir", wait));
        CompletableFuture<Run> first = started("first");
        await(() -> Files.exists(home.resolve("mvn.log")));
        CompletableFuture<Run> second = started("second");
        await(() -> Files.exists(directory.resolve("second-err.txt"))
                && Files.readString(directory.resolve("second-err.txt"))
                        .contains("another upbeat process is building"));
        Files.createFile(go);
        assertThat(first.get().status()).isEqualTo(3);
        assertThat(second.get().status()).isEqualTo(3);
        assertThat(machine.log("mvn")).hasSize(1);
    }

    private CompletableFuture<Run> started(String name) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return machine.run(name + "-", home.resolve("upbeat"), machine.withJdk(), "doctor");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void await(Callable<Boolean> what) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!what.call()) {
            assertThat(System.nanoTime()).as("it never comes").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    @Test
    void aMissingLibraryIsFetchedAgain() throws Exception {
        run("doctor");
        Files.delete(home.resolve("library.jar"));
        run("doctor");
        assertThat(machine.log("mvn")).hasSize(2);
    }

    @Test
    void theUsersDirectoryArgumentsAndStandardInputStayTheirs() throws Exception {
        Run run = run("analyze", "--text", "two  words", "naïve*", "");
        assertThat(run.out()).contains("in " + directory.toRealPath() + "\n");
        assertThat(run.out()).endsWith("arg analyze\narg --text\narg two  words\narg naïve*\narg \n");
    }

    @Test
    void linksToTheLauncherLeadToItsProject() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("first"), Path.of("..", "a place of its own", "upbeat"));
        Files.createSymbolicLink(bin.resolve("upbeat"), bin.resolve("first"));
        assertThat(start(bin.resolve("upbeat"), machine.withJdk()).out()).contains("UPBEAT_HOME=" + home + "\n");
    }

    @Test
    void theSettingsThatMatterReachTheJvm() throws Exception {
        Run run = run("doctor");
        assertThat(run.out())
                .contains("OPT_OUT_TRACKING=true")
                .contains("arg -Dorg.bytedeco.javacpp.maxphysicalbytes=0")
                .contains("arg --enable-native-access=ALL-UNNAMED")
                .contains("arg -Dupbeat.terminal=false");
        if (OS.LINUX.isCurrentOs()) {
            assertThat(run.out())
                    .contains("MALLOC_ARENA_MAX=1")
                    .contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1")
                    .contains("LC_ALL=C.UTF-8");
        }
    }

    @Test
    void optionsForTheJvmArePassedOn() throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_JAVA_OPTS", "-Xmx8g -Da=b");
        assertThat(start(home.resolve("upbeat"), env).out()).contains("arg -Xmx8g\narg -Da=b\n");
    }

    @Test
    void thePythonInstallationsLibtorchIsTakenIfItHasTheBindingsVersion() throws Exception {
        run("doctor"); // builds
        Path jar = Files.createFile(home.resolve("pytorch-2.10.0-1.5.13.jar"));
        Files.writeString(home.resolve("upbeat-app/target/classpath"), home.resolve("library.jar") + ":" + jar + "\n");
        Path torch = directory.resolve("site-packages/torch");
        Files.createDirectories(torch.resolve("lib"));
        Files.writeString(torch.resolve("version.py"), "debug = False\n__version__ = '2.10.0+cu128'\n");
        assertThat(withLibtorch(torch).out())
                .contains("arg -Dorg.bytedeco.javacpp.pathsFirst=true\narg -Djava.library.path=" + torch + "/lib\n"
                        + "arg -Dorg.bytedeco.javacpp.platform.preloadpath=" + torch + "/lib\n");

        Files.writeString(torch.resolve("version.py"), "__version__ = '2.9.1'\n");
        Run other = withLibtorch(torch);
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("torch 2.9.1", "bindings are for 2.10.0", "pip install torch==2.10.0");
        assertThat(other.out()).isEmpty();

        Run none = withLibtorch(directory);
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("no torch of a Python installation there");
    }

    private Run withLibtorch(Path torch) throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_LIBTORCH", torch.toString());
        return start(home.resolve("upbeat"), env, "doctor");
    }

    @Test
    void classesOfOnesOwnComeLastOnTheClassPath() throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_CLASSPATH", "/my own/a.jar:b.jar");
        assertThat(start(home.resolve("upbeat"), env).out())
                .contains("/upbeat-app/target/classes:" + home + "/library.jar:/my own/a.jar:b.jar\n");
    }

    @Test
    void theClassPathIsPrintedAfterABuild() throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_CLASSPATH", "/my own/a.jar");
        Run run = start(home.resolve("upbeat"), env, "--classpath");
        assertThat(run.out()).isEqualTo(home + "/upbeat-app/target/classes:" + home + "/library.jar:/my own/a.jar\n");
        assertThat(run.err()).contains("building");
        assertThat(run.status()).isZero();
        Run second = run("--classpath", "doctor");
        assertThat(second.err()).contains("given also doctor");
        assertThat(second.out()).isEmpty();
        assertThat(second.status()).isEqualTo(2);
    }

    @Test
    void aTooOldJavaHomeFallsBackToThePath() throws Exception {
        Path old = FakeMachine.jdk(directory.resolve("old"), "11.0.2");
        Run run = start(home.resolve("upbeat"), Map.of("JAVA_HOME", old.toString(), "PATH", machine.pathWith(jdk)));
        assertThat(run.out()).contains("java " + jdk.toRealPath() + "/bin/java");
    }

    @Test
    void aBuildThatFailsShowsMavensMessagesAndStartsNothing() throws Exception {
        machine.tool("mvn", "#!/bin/sh\necho 'ERROR: line 3'\nexit 1\n");
        Run run = run("doctor");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("ERROR: line 3", "the build failed");
    }

    private Run run(String... args) throws Exception {
        return start(home.resolve("upbeat"), machine.withJdk(), args);
    }

    private Run start(Path launcher, Map<String, String> env, String... args) throws Exception {
        return machine.run(launcher, env, args);
    }
}
