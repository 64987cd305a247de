package dev.upbeat.testing;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;

/** Compiles and runs a class that docs/library.md shows, with nothing on the class path but the jars it says are needed. */
public final class DocExample {
    private static final Path PAGE = Path.of("..", "docs", "library.md");

    private DocExample() {}

    /**
     * @param classpath parts of the names of the class path's entries that the example needs
     * @return what the class prints
     */
    public static String output(String className, List<String> classpath, Path directory)
            throws IOException, InterruptedException {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("test") && classpath.stream().anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
        return run(className, path, directory);
    }

    /**
     * @param path class path of the example
     * @param arguments of its main method
     * @return what the class prints
     */
    public static String run(String className, String path, Path directory, String... arguments)
            throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve(className + ".java"), source(className));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", path, "-proc:none", "-d", directory.toString(), source.toString());
        if (compiled != 0) {
            throw new AssertionError(className + " of " + PAGE + " does not compile with " + path);
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java,
                "-cp",
                directory + File.pathSeparator + path,
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "--enable-native-access=ALL-UNNAMED", // without it JDK 24 and later warn
                className));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.waitFor();
        }
    }

    private static String source(String className) throws IOException {
        Matcher block = Pattern.compile("```java\n((?:(?!```).)*public class " + className + " .*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE));
        if (!block.find()) {
            throw new AssertionError(PAGE + " shows no class " + className);
        }
        return block.group(1);
    }
}
