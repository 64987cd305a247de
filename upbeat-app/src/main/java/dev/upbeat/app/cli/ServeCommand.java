package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.serve.Limits;
import dev.upbeat.app.serve.ServeOptions;
import dev.upbeat.app.serve.Service;
import dev.upbeat.io.BadInputException;
import dev.upbeat.io.InputFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat serve}: rhythm and credit over HTTP. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "serve",
        description = {
            "Serves the rhythm and the credit of traces over HTTP, for trainers in other processes.",
            "Listens until it is interrupted. docs/service.md describes the calls."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  upbeat serve models/countdown --port 7777",
            "  curl localhost:7777/v1/credit -H 'Content-Type: application/json' -d '{\"strategy\": \"coupled-rhythm\","
                    + " \"traces\": [{\"prompt_ids\": [1, 2, 3], \"response_ids\": [4, 5, 6]}]}'"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int LEAST_TOKEN = 16;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A Hugging Face directory, a .gguf file, or a hub id such as Qwen/Qwen3-0.6B[@revision].")
    private @Nullable String model;

    @Mixin
    private WeightFlags weights = new WeightFlags();

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            description = "Directory of run directories to show; POST /v1/traces adds to it.")
    private @Nullable Path runs;

    @Option(
            names = "--weights-root",
            paramLabel = "DIR",
            description = "Directory that POST /v1/weights may load from; without it that call is refused.")
    private @Nullable Path weightsRoot;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; any but this machine's own needs --token-file (default: 127.0.0.1).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7777",
            description = "Port to listen on; 0 for a free one (default: 7777).")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token, at least 16 characters, that every call must give as a bearer token.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--allow-origin",
            paramLabel = "URL",
            split = ",",
            hideParamSyntax = true,
            description = "Other sites whose pages may call the service, such as https://example.org.")
    private Set<String> origins = Set.of();

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            split = ",",
            hideParamSyntax = true,
            description = "Further names of this machine that clients call it by.")
    private Set<String> hosts = Set.of();

    @Mixin
    private LimitFlags limits = new LimitFlags();

    @Override
    public Integer call() throws IOException {
        if (model == null && runs == null) {
            throw new BadInputException(
                    "MODEL and --runs are missing; give a model to measure with, a directory of runs to"
                            + " show, or both");
        }
        if (port < 0 || port > 65_535) {
            throw new BadInputException("--port " + port + ": expected 0 (a free port) to 65535");
        }
        String token = tokenFile == null ? null : token(tokenFile);
        if (token == null && !isLoopback()) {
            throw new BadInputException(
                    "--host " + host + " is not this machine alone, so everybody who reaches it could"
                            + " use the service; give --token-file, or leave --host out");
        }
        requireDirectory("--weights-root", weightsRoot);
        requireDirectory("--runs", runs);
        Limits most = limits.limits();
        ServeOptions options = new ServeOptions(host, port, token, runs, weightsRoot, origins, hosts, most);
        ModelFlags flags = model == null ? null : new ModelFlags(model, weights);
        String name = flags == null ? "no model" : flags.name();
        Upbeat loaded = flags == null ? null : flags.load(common);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Service service = Service.start(options, loaded, name);
                Interruption interruption = Interruption.cleaningUpBy(service::close)) {
            common.out().println("serve: " + name + " at http://" + host + ":" + service.port());
            common.out().flush();
            interrupted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.DONE;
    }

    private static void requireDirectory(String option, @Nullable Path directory) {
        if (directory != null && !Files.isDirectory(directory)) {
            throw new BadInputException(option + " " + directory + " is not a directory; give an existing one");
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new BadInputException("--host " + host + " is not an address; give one of this machine", e);
        }
    }

    private static String token(Path file) {
        String token = new String(InputFiles.bytes(file, InputFiles.SETTINGS_BYTES), StandardCharsets.UTF_8).strip();
        if (token.length() < LEAST_TOKEN || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new BadInputException(file + " has no usable token; expected at least " + LEAST_TOKEN
                    + " printable ASCII characters without spaces");
        }
        return token;
    }
}
