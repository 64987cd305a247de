package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.Analysis;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.FixedHeads;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.AnswerFlow;
import dev.upbeat.rhythm.PathFlow;
import dev.upbeat.rhythm.StepInfluence;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.trace.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code upbeat analyze}: from prompts or traces to a run directory with its report. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "analyze",
        description = {
            "Measures the rhythm of generated or existing responses, and writes a run directory.",
            "It contains traces.parquet, heads.json and report.html."
        },
        footerHeading = "%nExample:%n",
        footer = "  upbeat analyze model.gguf --prompts questions.jsonl --limit 70 --max-new-tokens 256")
final class AnalyzeCommand implements Callable<Integer> {
    private static final int MOST_LINKS = 64;

    /** Most positions of a map; a trace keeps two maps of this number squared. */
    private static final int LARGEST_MAP = 1024;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private ModelFlags model = new ModelFlags();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    /** Where the responses come from. */
    static final class Source {
        @Option(
                names = "--prompts",
                paramLabel = "FILE",
                description = "Prompts to answer, JSONL or Parquet: {id, messages}, {id, prompt} or {id, question}.")
        private @Nullable Path prompts;

        @Option(
                names = "--traces",
                paramLabel = "FILE",
                description = "Existing responses, JSONL or Parquet: {id, prompt_ids, response_ids} or text.")
        private @Nullable Path traces;

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description = "One question (raw text for a model without a chat template); the answer streams to the"
                        + " terminal.")
        private @Nullable String text;
    }

    @Mixin
    private RhythmFlags rhythm = new RhythmFlags();

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(0.7);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Run directory, created when the run is complete (default: runs/<model>-<time>).")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace an existing run in --out.")
    private boolean force;

    @Mixin
    private RowFlags rows = new RowFlags();

    @Option(names = "--system", paramLabel = "TEXT", description = "System message to put before each conversation.")
    private @Nullable String system;

    @Mixin
    private PromptFlags prompt = new PromptFlags();

    @Mixin
    private TemplateFlags template = new TemplateFlags();

    @Option(names = "--heads", paramLabel = "FILE", description = "Fixed head groups: the heads.json of another run.")
    private @Nullable Path heads;

    @Option(
            names = "--links",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "Number of strongest links to earlier tokens to keep per response token, and with --columns flow"
                            + " of strongest edges of the flow, at most 64; 0 for none (default: 8).")
    private int links;

    @Option(
            names = "--head-series",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "Also keep WAAD and FAI of every single head for the first N traces, 8 bytes per head and token;"
                            + " 0 for none (default: 4).")
    private int headSeries;

    @Option(
            names = "--columns",
            paramLabel = "NAME[,NAME]",
            hideParamSyntax = true,
            split = ",",
            description = "Additional series to measure for credit: flow, hidden_cosine, path_flow, step_influence.")
    private Set<String> columns = Set.of();

    @Option(
            names = "--path-links",
            paramLabel = "M",
            description = "Strongest links of a token over which path_flow is distributed (default: 8).")
    private @Nullable Integer pathLinks;

    @Option(
            names = "--flow-links",
            paramLabel = "M",
            description = "Strongest links of a token that count in flow; 0: all (default: 0).")
    private @Nullable Integer flowLinks;

    @Option(
            names = "--step-keys",
            paramLabel = "sum|mean",
            description = "How step_influence joins the attention to the tokens of a step (default: sum).")
    private StepInfluence.@Nullable Keys stepKeys;

    @Option(
            names = "--map",
            paramLabel = "START:END",
            description = "Also keep the mean local and global attention maps of these positions, at most 1024 "
                    + "(zoomable in the report).")
    private @Nullable String map;

    @Option(names = "--beyond-context", description = "Accept traces longer than the model's context.")
    private boolean beyondContext;

    @Override
    public Integer call() throws IOException {
        RhythmOptions.MapRange window = check();
        AnalysisInput input = new AnalysisInput(
                model.name(),
                source.prompts,
                source.traces,
                source.text,
                rows.choice(sampling.seed()),
                system,
                prompt.style(),
                null,
                template.variables(),
                heads,
                headSeries,
                beyondContext);
        Analysis.Result result;
        Path place = out == null ? model.defaultRun("") : out;
        try (Analysis analysis = Analysis.prepare(input, place, force);
                Interruption interruption = Interruption.cleaningUpBy(analysis::abandon);
                Upbeat loaded = model.load(common);
                AnalysisConsole console = new AnalysisConsole(
                        common,
                        source.text == null ? null : loaded.tokenizer().stream(),
                        "analyze: " + model.name() + ", " + analysis.inputs() + "; into " + place)) {
            FixedHeads fixed = analysis.fixedHeads() == null || heads == null
                    ? null
                    : new FixedHeads("--heads " + heads, "--layers", analysis.fixedHeads());
            RhythmOptions options = rhythm.options(
                    loaded.config(),
                    new RhythmOptions.Extras(links, window, columns, pathLinks(), flowLinks(), stepKeys()),
                    fixed);
            Sampling drawing = sampling.sampling(loaded.stopIds());
            result = analysis.run(
                    loaded, drawing, options, config(loaded.decoder().dtype(), options), console);
            console.summarize(result);
        }
        return ExitCode.DONE;
    }

    /** Checks the options before anything is read; returns the window of --map. */
    private RhythmOptions.@Nullable MapRange check() {
        rows.choice(sampling.seed());
        if (links < 0 || links > MOST_LINKS) {
            throw new BadInputException("--links " + links + ": expected 0 (none) to " + MOST_LINKS + " (default: 8)");
        }
        if (headSeries < 0) {
            throw new BadInputException(
                    "--head-series " + headSeries + ": expected 0 (none) or more traces (default: 4)");
        }
        if (out != null && out.toString().isEmpty()) {
            throw new BadInputException("--out is empty; expected a directory, or leave --out out");
        }
        RhythmOptions.Extras.requireMeasurable(columns);
        if (pathLinks != null && (pathLinks < 1 || !columns.contains(Observation.PATH_FLOW))) {
            throw new BadInputException("--path-links " + pathLinks
                    + ": expected at least 1 link per token, together with --columns path_flow (default: 8)");
        }
        if (flowLinks != null && (flowLinks < 0 || !columns.contains(Observation.FLOW))) {
            throw new BadInputException("--flow-links " + flowLinks
                    + ": expected 0 (all) or more links per token, together with --columns flow (default: 0)");
        }
        prompt.check();
        if (stepKeys != null && !columns.contains(Observation.STEP_INFLUENCE)) {
            throw new BadInputException("--step-keys " + Spelling.of(stepKeys)
                    + ": expected together with --columns step_influence (default: sum)");
        }
        rhythm.check();
        sampling.sampling(Set.of());
        if (source.traces != null) {
            sampling.refuseWhereNothingIsDrawn();
            prompt.refuseWithTraces();
        }
        if (source.text != null) {
            rows.refuseWithText();
        }
        return map == null ? null : parseMap(map);
    }

    private Map<String, Object> config(Dtype dtype, RhythmOptions options) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", "analyze");
        model.record(config);
        config.put("dtype", dtype.toString());
        put(config, "prompts", source.prompts);
        put(config, "traces", source.traces);
        put(config, "text", source.text);
        put(config, "system", system);
        prompt.record(config);
        template.record(config);
        rows.record(config);
        rhythm.record(config, options);
        config.put("links", links);
        config.put("head_series", headSeries);
        put(config, "columns", columns.isEmpty() ? null : String.join(",", new TreeSet<>(columns)));
        put(config, "path_links", columns.contains(Observation.PATH_FLOW) ? pathLinks() : null);
        put(config, "flow_links", columns.contains(Observation.FLOW) ? flowLinks() : null);
        put(config, "step_keys", columns.contains(Observation.STEP_INFLUENCE) ? Spelling.of(stepKeys()) : null);
        put(config, "map", map);
        put(config, "heads", heads);
        if (source.traces == null) {
            sampling.record(config);
        }
        config.put("seed", sampling.seed());
        config.put("beyond_context", beyondContext);
        return config;
    }

    private static void put(Map<String, Object> config, String key, @Nullable Object value) {
        if (value != null) {
            config.put(key, value instanceof Integer ? value : value.toString());
        }
    }

    private int pathLinks() {
        return pathLinks == null ? PathFlow.LINKS : pathLinks;
    }

    private int flowLinks() {
        return flowLinks == null ? AnswerFlow.ALL_LINKS : flowLinks;
    }

    private StepInfluence.Keys stepKeys() {
        return stepKeys == null ? StepInfluence.Keys.SUM : stepKeys;
    }

    private static RhythmOptions.MapRange parseMap(String text) {
        String[] ends = text.split(":", -1);
        if (ends.length == 2 && ends[0].matches("\\d{1,9}") && ends[1].matches("\\d{1,9}")) {
            int start = Integer.parseInt(ends[0]);
            int end = Integer.parseInt(ends[1]);
            if (start < end && end - start <= LARGEST_MAP) {
                return new RhythmOptions.MapRange(start, end);
            }
        }
        throw new BadInputException(
                "--map " + text + ": expected START:END, positions from 0 with START < END, at most " + LARGEST_MAP
                        + " of them, such as 100:200");
    }
}
