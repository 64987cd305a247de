package dev.upbeat.app.cli;

import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import dev.upbeat.io.BadInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The live page of a training, for this machine alone. It shows the runs in the same directory as the run, and has no model. */
final class LiveRun implements AutoCloseable {
    /** The port unless another is given. */
    static final int PORT = 7777;

    private static final String HOST = "127.0.0.1";
    private static final int LARGEST_PORT = 65_535;

    private final Service service;
    private final String name;

    private LiveRun(Service service, String name) {
        this.service = service;
        this.name = name;
    }

    /**
     * Starts the page.
     *
     * @param run the run directory, which need not exist yet; its parent does
     * @param port 0 for a free one
     * @throws BadInputException if the port cannot be used
     */
    static LiveRun start(Path run, int port) {
        if (port < 0 || port > LARGEST_PORT) {
            throw new BadInputException("--serve " + port + ": expected a port, 0 (a free one) to " + LARGEST_PORT);
        }
        Path whole = run.toAbsolutePath().normalize();
        ServeOptions options =
                new ServeOptions(HOST, port, null, whole.getParent(), null, Set.of(), Set.of(), Limits.DEFAULTS);
        try {
            return new LiveRun(Service.start(options, null, "no model"), String.valueOf(whole.getFileName()));
        } catch (BadInputException e) {
            throw new BadInputException(
                    "--serve " + port + ": the port is taken, or closed to this user; give another, such as --serve "
                            + (port + 1) + ", or 0 for a free one",
                    e);
        }
    }

    String address() {
        return "http://" + HOST + ":" + service.port() + "/#/runs/" + name;
    }

    @Override
    public void close() {
        service.close();
    }

    /** Takes the next word as the port only if it is a number, so that {@code --serve CONFIG.yaml} is possible. */
    static final class PortOnly implements IParameterPreprocessor {
        @Override
        public boolean preprocess(Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (!words.isEmpty() && !words.peek().matches("\\d+")) {
                words.push(String.valueOf(PORT));
            }
            return false;
        }
    }
}
