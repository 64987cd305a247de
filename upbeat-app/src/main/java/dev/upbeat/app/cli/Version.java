package dev.upbeat.app.cli;

import dev.upbeat.store.Build;
import picocli.CommandLine.IVersionProvider;

/** The version, and the commit if the launcher knows it. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"upbeat " + Build.version() + " (commit " + Build.commit() + ")"};
    }
}
