package dev.upbeat.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private static final String FAKE_JAVA = """
            #!/bin/sh
            echo "java $0"
            echo "in $(pwd)"
            for name in UPBEAT_HOME MALLOC_ARENA_MAX GLIBC_TUNABLES LC_ALL OPT_OUT_TRACKING; do
              eval "echo \\"$name=\\${$name:-}\\""
            done
            for arg; do echo "arg $arg"; done
            exit 3
            """;

    private static final String FAKE_MVN = """
            #!/bin/sh
            echo "mvn $*" >>"%1$s/mvn.log"
            cat >/dev/null # what is on standard input belongs to the command
            mkdir -p "%1$s/upbeat-app/target"
            echo "%1$s/library.jar" >"%1$s/upbeat-app/target/classpath"
            """;

    @TempDir
    private Path directory;

    private Path home;
    private Path jdk;
    private Path tools;

    @BeforeEach
    void aProjectInAPathWithSpaces() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("a place of its own"));
        for (String module : List.of("upbeat-core", "upbeat-app")) {
            Files.createDirectories(home.resolve(module).resolve("src/main/java"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(home.resolve("library.jar"));
        script(home.resolve("upbeat"), Files.readString(Path.of("..", "upbeat")));
        jdk = jdk("jdk", "17.0.15");
        tools = Files.createDirectories(directory.resolve("tools"));
        // The system's own Maven and Java stay out of sight.
        for (String tool :
                List.of("cat", "dirname", "find", "head", "mkdir", "readlink", "rm", "sed", "touch", "uname")) {
            String path = Files.exists(Path.of("/bin", tool)) ? "/bin/" : "/usr/bin/";
            script(tools.resolve(tool), "#!/bin/sh\nexec " + path + tool + " \"$@\"\n");
        }
        script(tools.resolve("mvn"), FAKE_MVN.formatted(home));
    }

    @Test
    void whereNothingIsBuiltItBuildsAndThenStarts() throws Exception {
        Run run = run("doctor", "--json");
        assertThat(run.err).contains("building");
        assertThat(Files.readString(home.resolve("mvn.log")))
                .contains("compile")
                .doesNotContain("install");
        assertThat(run.out).contains("arg dev.upbeat.app.cli.Main\narg doctor\narg --json\n");
        assertThat(run.out).contains("arg " + home + "/upbeat-app/target/classes:" + home + "/library.jar\n");
        assertThat(run.status).as("the status is the command's").isEqualTo(3);
    }

    @Test
    void aBuildThatIsNewerThanItsSourcesIsUsedAsItIs() throws Exception {
        run("doctor");
        assertThat(run("doctor").err).isEmpty();
        assertThat(Files.readAllLines(home.resolve("mvn.log"))).hasSize(1);
    }

    @Test
    void aSourceThatIsNewerThanTheBuildIsBuilt() throws Exception {
        run("doctor");
        Path source = Files.createFile(home.resolve("upbeat-core/src/main/java/Changed.java"));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run("doctor").err).contains("sources have changed, building");
        assertThat(Files.readAllLines(home.resolve("mvn.log"))).hasSize(2);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "macOS has no flock")
    void aSecondStartWaitsForTheBuildOfTheFirst() throws Exception {
        script(tools.resolve("flock"), "#!/bin/sh\nexec /usr/bin/flock \"$@\"\n");
        Path go = directory.resolve("go");
        String wait = "while [ ! -e '" + go + "' ]; do /bin/sleep 0.01; done\nmkdir";
        script(tools.resolve("mvn"), FAKE_MVN.formatted(home).replace("mkdir", wait));
        CompletableFuture<Run> first = started("first");
        await(() -> Files.exists(home.resolve("mvn.log")));
        CompletableFuture<Run> second = started("second");
        await(() -> Files.exists(directory.resolve("second-err.txt"))
                && read(directory.resolve("second-err.txt")).contains("another start is building"));
        Files.createFile(go);
        assertThat(first.get().status).isEqualTo(3);
        assertThat(second.get().status).isEqualTo(3);
        assertThat(Files.readAllLines(home.resolve("mvn.log"))).hasSize(1);
    }

    private CompletableFuture<Run> started(String name) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return start(name + "-", home.resolve("upbeat"), environment(), "doctor");
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
    void aLibraryThatIsGoneFromTheLocalRepositoryIsFetchedAgain() throws Exception {
        run("doctor");
        Files.delete(home.resolve("library.jar"));
        run("doctor");
        assertThat(Files.readAllLines(home.resolve("mvn.log"))).hasSize(2);
    }

    @Test
    void theUsersDirectoryArgumentsAndStandardInputStayTheirs() throws Exception {
        Run run = run("analyze", "--text", "two  words", "naïve*", "");
        assertThat(run.out).contains("in " + directory.toRealPath() + "\n");
        assertThat(run.out).endsWith("arg analyze\narg --text\narg two  words\narg naïve*\narg \n");
    }

    @Test
    void linksToTheLauncherLeadToItsProject() throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("first"), Path.of("..", "a place of its own", "upbeat"));
        Files.createSymbolicLink(bin.resolve("upbeat"), bin.resolve("first"));
        assertThat(start(bin.resolve("upbeat"), environment()).out).contains("UPBEAT_HOME=" + home + "\n");
    }

    @Test
    void theSettingsThatMatterReachTheJvm() throws Exception {
        Run run = run("doctor");
        assertThat(run.out)
                .contains("OPT_OUT_TRACKING=true")
                .contains("arg -Dorg.bytedeco.javacpp.maxphysicalbytes=0")
                .contains("arg --enable-native-access=ALL-UNNAMED")
                .contains("arg -Dupbeat.terminal=false");
        if (OS.LINUX.isCurrentOs()) {
            assertThat(run.out)
                    .contains("MALLOC_ARENA_MAX=1")
                    .contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1")
                    .contains("LC_ALL=C.UTF-8");
        }
    }

    @Test
    void optionsForTheJvmArePassedOn() throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_JAVA_OPTS", "-Xmx8g -Da=b");
        assertThat(start(home.resolve("upbeat"), env).out).contains("arg -Xmx8g\narg -Da=b\n");
    }

    @Test
    void classesOfOnesOwnComeLastOnTheClassPath() throws Exception {
        Map<String, String> env = Map.of("JAVA_HOME", jdk.toString(), "UPBEAT_CLASSPATH", "/my own/a.jar:b.jar");
        assertThat(start(home.resolve("upbeat"), env).out)
                .contains("/upbeat-app/target/classes:" + home + "/library.jar:/my own/a.jar:b.jar\n");
    }

    @Test
    void anOldJavaIsRefusedWithWhatToDo() throws Exception {
        Path old = jdk("old", "1.8.0_402");
        Run run = start(home.resolve("upbeat"), Map.of("JAVA_HOME", old.toString(), "PATH", pathWith(old)));
        assertThat(run.status).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains("JDK 17 or later", old + " is Java 8", "JAVA_HOME", "apt install");
    }

    @Test
    void whereJavaHomeIsTooOldTheJavaOnThePathServes() throws Exception {
        Path old = jdk("old", "11.0.2");
        Run run = start(home.resolve("upbeat"), Map.of("JAVA_HOME", old.toString(), "PATH", pathWith(jdk)));
        assertThat(run.out).contains("java " + jdk.toRealPath() + "/bin/java");
    }

    @Test
    void withoutMavenItSaysHowToGetIt() throws Exception {
        Files.delete(tools.resolve("mvn"));
        Run run = run("doctor");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.err).contains("needs Maven", "apt install maven");
    }

    @Test
    void aRuntimeWithoutCompilerIsNamedAsSuch() throws Exception {
        Files.delete(jdk.resolve("bin/javac"));
        Run run = run("doctor");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.err).contains("has no compiler", "openjdk-17-jdk-headless");
    }

    @Test
    void aBuildThatFailsShowsMavensMessagesAndStartsNothing() throws Exception {
        script(
                tools.resolve("mvn"),
                "#!/bin/sh\nwhile [ \"$1\" != -l ]; do shift; done\necho 'ERROR: line 3' >\"$2\"\nexit 1\n");
        Run run = run("doctor");
        assertThat(run.status).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains("ERROR: line 3", "the build failed");
    }

    private record Run(int status, String out, String err) {}

    private Run run(String... args) throws Exception {
        return start(home.resolve("upbeat"), environment(), args);
    }

    private Map<String, String> environment() {
        return Map.of("JAVA_HOME", jdk.toString());
    }

    private Run start(Path launcher, Map<String, String> env, String... args) throws Exception {
        return start("", launcher, env, args);
    }

    private Run start(String prefix, Path launcher, Map<String, String> env, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        Path out = directory.resolve(prefix + "out.txt");
        Path err = directory.resolve(prefix + "err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(env);
        int status = builder.start().waitFor();
        return new Run(status, read(out), read(err));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private String pathWith(Path javaHome) {
        return javaHome.resolve("bin") + ":" + tools.toString();
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdkHome = directory.resolve(name);
        Files.createDirectories(jdkHome.resolve("bin"));
        Files.writeString(jdkHome.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(jdkHome.resolve("bin/java"), FAKE_JAVA);
        script(jdkHome.resolve("bin/javac"), "#!/bin/sh\n");
        return jdkHome;
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
