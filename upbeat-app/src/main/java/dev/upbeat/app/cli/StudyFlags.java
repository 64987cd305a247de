package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.trace.GroupWeight;
import dev.upbeat.trace.RhythmSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options shared by the studies of responses: prompts, rhythm and output directory. */
@SuppressWarnings("UnusedVariable") // picocli sets them
final class StudyFlags {
    /** Number of strongest earlier tokens kept for each token, for the page of a trace. */
    private static final int LINKS = 8;

    /** Number of traces with the series of every single head. */
    private static final int HEAD_SERIES = 4;

    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N rows (the paper: 70).")
    private @Nullable Integer limit;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message to put before each conversation.")
    private @Nullable String system;

    @Option(
            names = "--group-weight",
            paramLabel = "token|response",
            defaultValue = "token",
            description =
                    "Weighting of the responses when head groups are found: token (a long response weighs more) or "
                            + "response (each response weighs the same) (default: token).")
    private GroupWeight groupWeight = GroupWeight.TOKEN;

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

    /** Checks the options before anything is read. */
    void check() throws IOException {
        limit();
        prompt.check();
        template.variables();
    }

    int limit() {
        if (limit != null && limit < 1) {
            throw new BadInputException("--limit " + limit + ": expected at least 1 row");
        }
        return limit == null ? Integer.MAX_VALUE : limit;
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

    AnalysisInput input(ModelFlags model, Path prompts) throws IOException {
        return new AnalysisInput(
                model.name(),
                prompts,
                null,
                null,
                limit(),
                system,
                prompt.style(),
                template.variables(),
                null,
                HEAD_SERIES,
                false);
    }

    /** The paper's analysis, with links. */
    RhythmOptions rhythm(List<Integer> layers) {
        return RhythmOptions.analysis(layers).with(groupWeight).with(RhythmOptions.Extras.links(LINKS));
    }

    void record(Map<String, Object> config, ModelFlags model, Path prompts, Upbeat loaded, RhythmOptions options)
            throws IOException {
        config.put("model", model.given());
        config.put("dtype", loaded.decoder().dtype().toString());
        config.put("prompts", prompts.toString());
        if (limit != null) {
            config.put("limit", limit);
        }
        if (system != null) {
            config.put("system", system);
        }
        prompt.record(config);
        template.record(config);
        config.put("layers", "all");
        RhythmSettings settings = options.settings();
        config.put("rho", settings.rho());
        config.put("window", settings.window());
        config.put("horizon", settings.horizon().toString());
        config.put("receivers", "on");
        config.put("receiver_rho", settings.receiverRho());
        config.put("group_weight", Spelling.of(settings.groupWeight()));
        config.put("alignment", Spelling.of(options.alignment()));
        config.put("links", options.extras().links());
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
