package dev.upbeat.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this program. */
public final class Build {
    private Build() {}

    /** Version of the Maven project. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            properties.load(Objects.requireNonNull(in, "build.properties is not on the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** The git commit of the sources, which the launcher puts into UPBEAT_COMMIT; "unknown" without it. */
    public static String commit() {
        String commit = System.getenv("UPBEAT_COMMIT");
        return commit == null || commit.isBlank() ? "unknown" : commit;
    }
}
