package dev.upbeat.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, and the commit where the launcher knows it. */
final class Version implements IVersionProvider {
    static String version() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(Objects.requireNonNull(in, "version.properties is not on the class path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    @Override
    public String[] getVersion() {
        String commit = System.getenv("UPBEAT_COMMIT");
        return new String[] {"upbeat " + version() + (commit == null ? "" : " (commit " + commit + ")")};
    }
}
