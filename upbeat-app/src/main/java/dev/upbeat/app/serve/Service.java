package dev.upbeat.app.serve;

import dev.upbeat.Upbeat;
import dev.upbeat.app.report.LivePage;
import dev.upbeat.io.BadInputException;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The running service. Closing it stops it. */
public final class Service implements AutoCloseable {
    private final @Nullable ModelHost host;
    private final ServiceMetrics metrics = new ServiceMetrics();
    private final Engine engine;
    private final Javalin server;
    private @Nullable RunWatcher watcher;
    private @Nullable EventsHandler events;

    private Service(ServeOptions options, @Nullable ModelHost host) {
        this.host = host;
        this.engine = new Engine(options.limits().batchWait().toNanos(), metrics);
        this.server = Javalin.create(config -> {
            HttpServer.configure(config, options);
            addCalls(config.routes, options);
        });
    }

    /**
     * Starts the service.
     *
     * @param model closed with the service; null for a service over run directories only
     * @param name of the model in the answer of {@code /v1/info}
     * @throws BadInputException if the address cannot be used
     */
    public static Service start(ServeOptions options, @Nullable Upbeat model, String name) {
        Service service = new Service(options, model == null ? null : new ModelHost(model, name));
        try {
            service.server.start();
            return service;
        } catch (JavalinException e) {
            service.close();
            throw new BadInputException(
                    "cannot listen on " + options.host() + ", port " + options.port()
                            + "; give another --port, or an address of this machine as --host",
                    e);
        }
    }

    private void addCalls(RoutesConfig routes, ServeOptions options) {
        Limits limits = options.limits();
        routes.before(new Guard(options));
        Faults.register(routes);
        WeightsLoader loader = loader(options.weightsRoot(), "--weights-root");
        PageHandler page = new PageHandler();
        routes.get("/", page);
        routes.get(LivePage.PATH + "<file>", page);
        routes.get("/healthz", new HealthHandler(() -> loader != null && loader.isLoading()));
        routes.get("/v1/info", new InfoHandler(host, options.runs() != null, limits));
        routes.get("/v1/metrics", new MetricsHandler(metrics));
        routes.get("/v1/openapi.json", new OpenApiHandler());
        routes.after(context -> metrics.answered(call(context), context.statusCode()));
        if (options.token() != null) {
            routes.post("/v1/session", new SessionHandler());
        }
        RunsRoot runs = runs(options);
        if (runs != null) {
            addRuns(routes, options, runs);
        }
        if (host != null) {
            Admission admission = new Admission(limits);
            metrics.gauge("upbeat_requests_under_way", "Requests that wait or are measured.", admission::underWay);
            metrics.gauge("upbeat_weights_version", "Version of the weights.", host::version);
            Measuring measuring = new Measuring(host, engine, limits.timeout());
            routes.post("/v1/credit", new CreditHandler(admission, measuring, metrics, limits.requestTokens()));
            routes.post("/v1/observe", new ObserveHandler(admission, measuring, host, metrics, limits.requestTokens()));
            routes.post("/v1/generate", new GenerateHandler(admission, host, measuring, limits));
            routes.post("/v1/weights", new WeightsHandler(admission, loader));
            NamedWeights named = new NamedWeights(host, loader, loader(options.runs(), "--runs"));
            routes.get("/v1/weights", new WeightsListHandler(named));
            routes.post("/v1/compare", new CompareHandler(admission, measuring, host, named, limits.requestTokens()));
            if (runs != null) {
                routes.post(
                        "/v1/traces", new SaveTracesHandler(admission, measuring, host, runs, limits.requestTokens()));
            }
        }
    }

    private void addRuns(RoutesConfig routes, ServeOptions options, RunsRoot runs) {
        RunStates states = new RunStates(runs);
        RunWatcher looking = new RunWatcher(runs, states);
        watcher = looking;
        EventsHandler streams = new EventsHandler(looking, options.limits());
        events = streams;
        metrics.gauge("upbeat_event_streams", "Open event streams.", streams::open);
        routes.get("/v1/runs", new RunsHandler(runs, states));
        routes.get("/v1/runs/{name}", new RunHandler(runs));
        routes.get("/v1/runs/{name}/metrics", new RunMetricsHandler(runs));
        routes.get("/v1/runs/{name}/traces", new RunTracesHandler(runs));
        routes.get("/v1/runs/{name}/report", new RunReportHandler(runs));
        routes.get("/v1/events", streams);
    }

    private static @Nullable RunsRoot runs(ServeOptions options) {
        try {
            return options.runs() == null ? null : new RunsRoot(options.runs());
        } catch (IOException e) {
            throw new BadInputException("--runs " + options.runs() + " cannot be read; give a directory", e);
        }
    }

    /** Null without a model or a root. */
    private @Nullable WeightsLoader loader(@Nullable Path root, String option) {
        if (host == null || root == null) {
            return null;
        }
        try {
            WeightsCopy.deleteLeftovers();
            return new WeightsLoader(host, new ServedRoot(root, option));
        } catch (IOException e) {
            throw new BadInputException(option + " " + root + " cannot be read; give a directory", e);
        }
    }

    /** The path of a call; unknown paths share a word. */
    private static String call(Context context) {
        Endpoint endpoint = context.endpoints().lastHttpEndpoint();
        return endpoint == null || context.statusCode() == 404 ? "other" : endpoint.path;
    }

    /** The port that the service listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
        if (events != null) {
            events.awaitEnd();
        }
        server.stop();
        engine.close();
        if (host != null) {
            host.close();
        }
    }
}
