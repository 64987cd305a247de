package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.FixedHeads;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.trace.RhythmSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options shared by the studies of responses: prompts, rhythm and output directory. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class StudyFlags {
    /** Number of strongest earlier tokens kept for each token, for the page of a trace. */
    private static final int LINKS = 8;

    /** Default of --horizon, in tokens. */
    private static final String HORIZON = "1:end";

    /** Number of traces with the series of every single head. */
    private static final int HEAD_SERIES = 4;

    @Mixin
    private RowFlags rows = new RowFlags();

    @Option(names = "--system", paramLabel = "TEXT", description = "System message to put before each conversation.")
    private @Nullable String system;

    @Mixin
    private MeasureFlags measure = new MeasureFlags();

    @Option(names = "--heads", paramLabel = "FILE", description = "Fixed head groups: the heads.json of another run.")
    private @Nullable Path heads;

    @Mixin
    private PromptFlags prompt = new PromptFlags();

    @Mixin
    private TemplateFlags template = new TemplateFlags();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the study, created when the study is complete (default: "
                    + "runs/<model>-<study>-<time>).")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace an existing study in --out.")
    private boolean force;

    /**
     * Checks the options before a model is loaded.
     *
     * @param seed of the draw of rows
     */
    void check(long seed) throws IOException {
        rows.choice(seed);
        prompt.check();
        template.variables();
        measure.check(HORIZON);
        if (heads != null) {
            HeadsFile.read(heads);
        }
    }

    /** @throws BadInputException if options that word prompts are given although responses exist */
    void refuseWithTraces() {
        prompt.refuseWithTraces();
    }

    @Nullable
    Path heads() {
        return heads;
    }

    boolean force() {
        return force;
    }

    Path out(Path usual) {
        if (out != null && out.toString().isEmpty()) {
            throw new BadInputException("--out is empty; expected a directory, or leave --out out");
        }
        return out == null ? usual : out;
    }

    /**
     * @param seed of the draw of rows
     * @param usual style of the task; null without a task
     */
    AnalysisInput prompts(ModelFlags model, Path file, long seed, @Nullable PromptStyle usual) throws IOException {
        return input(model, file, null, seed, usual);
    }

    /** @param seed of the draw of rows */
    AnalysisInput traces(ModelFlags model, Path file, long seed) throws IOException {
        return input(model, null, file, seed, null);
    }

    private AnalysisInput input(
            ModelFlags model, @Nullable Path prompts, @Nullable Path traces, long seed, @Nullable PromptStyle usual)
            throws IOException {
        return new AnalysisInput(
                model.name(),
                prompts,
                traces,
                null,
                rows.choice(seed),
                system,
                prompt.style(),
                usual,
                template.variables(),
                heads,
                HEAD_SERIES,
                false);
    }

    /**
     * The paper's analysis of all layers, with these options and links.
     *
     * @throws BadInputException if an option does not fit the model
     */
    RhythmOptions rhythm(ModelConfig model) throws IOException {
        List<Integer> layers = IntStream.range(0, model.layers()).boxed().toList();
        FixedHeads fixed = heads == null ? null : new FixedHeads("--heads " + heads, "--layers", HeadsFile.read(heads));
        RhythmSettings settings = measure.settings(model, layers, fixed, HORIZON);
        return new RhythmOptions(
                layers,
                settings,
                true,
                RhythmOptions.Alignment.TOKEN,
                fixed == null ? null : fixed.with(layers, settings, true),
                RhythmOptions.Extras.links(LINKS));
    }

    void record(Map<String, Object> config, ModelFlags model, AnalysisInput input, Upbeat loaded, RhythmOptions options)
            throws IOException {
        model.record(config);
        config.put("dtype", loaded.decoder().dtype().toString());
        put(config, "prompts", input.prompts());
        put(config, "traces", input.traces());
        rows.record(config);
        put(config, "system", system);
        prompt.record(config);
        template.record(config);
        config.put("layers", "all");
        MeasureFlags.record(config, options.settings(), options.receivers());
        put(config, "heads", heads);
        config.put("alignment", Spelling.of(options.alignment()));
        config.put("links", options.extras().links());
    }

    private static void put(Map<String, Object> config, String key, @Nullable Object value) {
        if (value != null) {
            config.put(key, value.toString());
        }
    }

    /** The file's name without its ending. */
    static String dataName(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("(\\.norm)?\\.(jsonl|parquet)$", "");
    }

    /** The command line as it was given, so that it can be run again. */
    static String commandLine(CommonOptions common) {
        String names = common.commandLine().getCommandSpec().qualifiedName();
        return names
                + common.commandLine().getParseResult().expandedArgs().stream()
                        .map(StudyFlags::quoted)
                        .collect(Collectors.joining());
    }

    private static String quoted(String argument) {
        return " "
                + (argument.matches("[A-Za-z0-9._/=:@,+-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'");
    }
}
