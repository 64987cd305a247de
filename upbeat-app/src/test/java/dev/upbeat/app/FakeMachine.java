package dev.upbeat.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A copy of the project's scripts, and a machine whose java, mvn, apt-get and sudo only log how they were called. The system's
 * own java, mvn and JDKs stay out of sight. Fake packages are directories that the fake apt-get copies to the machine.
 */
final class FakeMachine {
    private static final String JAVA = """
            #!/bin/sh
            echo "java $0"
            echo "in $(pwd)"
            for name in UPBEAT_HOME MALLOC_ARENA_MAX GLIBC_TUNABLES LC_ALL OPT_OUT_TRACKING; do
              eval "echo \\"$name=\\${$name:-}\\""
            done
            for arg; do echo "arg $arg"; done
            exit 3
            """;

    private static final String MVN = """
            #!/bin/sh
            echo "mvn $* JAVA_HOME=$JAVA_HOME" >>"%1$s/mvn.log"
            cat >/dev/null # what is on standard input belongs to the command
            echo "[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0"
            mkdir -p "%1$s/upbeat-app/target"
            echo "%1$s/library.jar" >"%1$s/upbeat-app/target/classpath"
            printf '\\033[0m' # as Debian's Maven, whose last line is not ended
            """;

    private static final String APT_GET = """
            #!/bin/sh
            echo "apt-get $* ${DEBIAN_FRONTEND:-}" >>"%1$s/apt.log"
            for arg; do
              [ ! -d "%1$s/packages/$arg" ] || cp -R "%1$s/packages/$arg/." "%1$s/"
            done
            """;

    private static final String SUDO = """
            #!/bin/sh
            echo "sudo $*" >>"%1$s/sudo.log"
            [ "$1" != -n ] || shift
            exec "$@"
            """;

    record Run(int status, String out, String err) {}

    final Path directory;
    final Path home;
    final Path tools;
    final Path jdk;
    final String mvn;

    FakeMachine(Path temporary) throws IOException {
        directory = temporary.toRealPath();
        home = Files.createDirectories(directory.resolve("a place of its own"));
        tools = Files.createDirectories(directory.resolve("tools"));
        mvn = MVN.formatted(home);
        for (String module : List.of("upbeat-base", "upbeat-jinja", "upbeat-tasks", "upbeat-core", "upbeat-app")) {
            Files.createDirectories(home.resolve(module).resolve("src/main/java"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(home.resolve("pom.xml"));
        Files.createFile(home.resolve("library.jar"));
        for (String name : List.of("upbeat", "verify", "setup.sh")) {
            script(
                    home.resolve(name),
                    Files.readString(Path.of("..", name))
                            .replace("/usr/lib/jvm", directory.resolve("jvm").toString())
                            .replace("/usr/libexec", directory.toString())
                            .replace(
                                    "/etc/os-release",
                                    directory.resolve("os-release").toString()));
        }
        for (String tool : List.of(
                "awk",
                "cat",
                "cp",
                "dirname",
                "env",
                "find",
                "grep",
                "head",
                "mkdir",
                "mktemp",
                "readlink",
                "rm",
                "sed",
                "tail",
                "tee",
                "touch",
                "tr",
                "uname")) {
            show(tool);
        }
        distribution("debian");
        user(0);
        jdk = jdk(directory.resolve("jdk"), "17.0.15");
        tool("mvn", mvn);
        tool("apt-get", APT_GET.formatted(directory));
        tool("sudo", SUDO.formatted(directory));
        tool("chromium", "#!/bin/sh\n");
        for (String name : List.of("default-jdk-headless", "openjdk-17-jdk-headless")) {
            jdk(contents(name).resolve("jvm/installed"), "17.0.15");
        }
        script(Files.createDirectories(contents("maven").resolve("tools")).resolve("mvn"), mvn);
        script(Files.createDirectories(contents("chromium").resolve("tools")).resolve("chromium"), "#!/bin/sh\n");
    }

    private Path contents(String name) {
        return directory.resolve("packages").resolve(name);
    }

    /** Makes a tool of the system visible. */
    void show(String tool) throws IOException {
        String bin = Files.exists(Path.of("/bin", tool)) ? "/bin/" : "/usr/bin/";
        tool(tool, "#!/bin/sh\nexec " + bin + tool + " \"$@\"\n");
    }

    void tool(String name, String text) throws IOException {
        script(tools.resolve(name), text);
    }

    void remove(String... names) throws IOException {
        for (String name : names) {
            Files.delete(tools.resolve(name));
        }
    }

    void distribution(String id) throws IOException {
        Files.writeString(directory.resolve("os-release"), "NAME=Name\nID=" + id + "\nID_LIKE=debian\n");
    }

    void user(int id) throws IOException {
        tool("id", "#!/bin/sh\necho " + id + "\n");
    }

    /** The lines that the fake tool logged. */
    List<String> log(String tool) throws IOException {
        Path file = (tool.equals("mvn") ? home : directory).resolve(tool + ".log");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    static Path jdk(Path at, String version) throws IOException {
        Files.createDirectories(at.resolve("bin"));
        Files.writeString(at.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(at.resolve("bin/java"), JAVA);
        script(at.resolve("bin/javac"), "#!/bin/sh\n");
        return at;
    }

    String pathWith(Path javaHome) {
        return javaHome.resolve("bin") + ":" + tools;
    }

    Map<String, String> withJdk() {
        return Map.of("JAVA_HOME", jdk.toString());
    }

    /** Runs a command with no terminal and nothing on standard input. */
    Run run(Path command, Map<String, String> env, String... args) throws IOException, InterruptedException {
        return run("", command, env, args);
    }

    /** Runs a command; the prefix tells its output files from those of another that runs meanwhile. */
    Run run(String prefix, Path command, Map<String, String> env, String... args)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(args));
        return start(prefix, "", line, env);
    }

    /** Runs a command on a terminal, where the answer is typed; its standard error is in {@code out}. */
    Run onTerminal(String answer, Path command, Map<String, String> env, String... args)
            throws IOException, InterruptedException {
        String line = "'" + command + "' " + String.join(" ", args);
        return start("", answer + "\n", List.of("/usr/bin/script", "-qec", line, "/dev/null"), env);
    }

    private Run start(String prefix, String input, List<String> command, Map<String, String> env)
            throws IOException, InterruptedException {
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
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new Run(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
