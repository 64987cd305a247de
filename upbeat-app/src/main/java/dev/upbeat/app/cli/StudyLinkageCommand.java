package dev.upbeat.app.cli;

import dev.upbeat.Upbeat;
import dev.upbeat.app.analyze.AnalysisInput;
import dev.upbeat.app.analyze.AnalysisRows;
import dev.upbeat.app.study.LinkageReport;
import dev.upbeat.app.study.LinkageSources;
import dev.upbeat.app.study.StudyDirectory;
import dev.upbeat.app.study.output.StudyReport;
import dev.upbeat.io.BadInputException;
import dev.upbeat.linkage.LinkageSettings;
import dev.upbeat.linkage.Peaks;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.study.linkage.LinkageExperiment;
import dev.upbeat.study.linkage.LinkageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat study linkage}: Tables 2, 10-12 and 20 of any models on any prompts. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "linkage",
        description = {
            "Measures how WAAD, FAI, receiver FAI and entropy are linked.",
            "Gives chance levels, 95 %% intervals and p-values in both alignments (Tables 2, 10-12 and 20 of arXiv 2510.13554).",
            "Compares several models or prompt files side by side."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  upbeat study linkage model.gguf --prompts gsm8k.jsonl --prompt paper --sample 70 --max-new-tokens 256",
            "  upbeat study linkage model.gguf --traces runs/first/traces.parquet --window 20",
            "  upbeat study linkage base/ tuned/ --prompts math.jsonl,qa.jsonl --by layers"
        })
final class StudyLinkageCommand implements Callable<Integer> {
    enum By {
        LAYERS
    }

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "1..*",
            paramLabel = "MODEL",
            description = "Hugging Face directories, .gguf files, or hub ids such as Qwen/Qwen3-0.6B[@revision].")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "auto|f32|bf16",
            defaultValue = "auto",
            description = "Data type of weights and matrix products (default: auto).")
    private WeightFlags.DtypeChoice dtype = WeightFlags.DtypeChoice.AUTO;

    @Mixin
    private KernelFlags kernels = new KernelFlags();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Source source = new Source();

    /** Where the responses come from. */
    static final class Source {
        @Option(
                names = "--prompts",
                paramLabel = "FILE[,FILE]",
                hideParamSyntax = true,
                split = ",",
                description = "Prompts to answer, JSONL or Parquet: {id, messages}, {id, prompt} or {id, question}.")
        private List<Path> prompts = new ArrayList<>();

        @Option(
                names = "--traces",
                paramLabel = "FILE[,FILE]",
                hideParamSyntax = true,
                split = ",",
                description = "Existing responses, JSONL or Parquet: {id, prompt_ids, response_ids} or text.")
        private List<Path> traces = new ArrayList<>();

        /** Whether responses exist. */
        boolean given() {
            return !traces.isEmpty();
        }

        List<Path> files() {
            return given() ? traces : prompts;
        }
    }

    @Option(
            names = "--by",
            paramLabel = "layers",
            description = "layers: also measure with the heads of the bottom, middle and top third of the layers "
                    + "(Table 10).")
    private @Nullable By by;

    @Mixin
    private SamplingFlags sampling = new SamplingFlags(0.7);

    @Mixin
    private StudyFlags study = new StudyFlags();

    @Option(
            names = "--peak-share",
            paramLabel = "Q",
            description = "Peaks must be among this share of a response's tokens with the largest values "
                    + "(default: 0.3).")
    private double peakShare = Peaks.DEFAULT_SHARE;

    @Option(
            names = "--lag",
            paramLabel = "N",
            description = "Largest distance in tokens from a WAAD peak to the FAI peak that follows it (default: 1).")
    private int lag = LinkageSettings.DEFAULT.lag();

    @Option(
            names = "--shuffles",
            paramLabel = "N",
            description = "Shuffles per p-value, and bootstrap resamples per interval (default: 2000).")
    private int shuffles = LinkageSettings.DEFAULT.shuffles();

    @Override
    public Integer call() throws IOException {
        check();
        LinkageSettings settings = new LinkageSettings(
                peakShare, lag, LinkageSettings.DEFAULT.tail(), shuffles, shuffles, sampling.seed());
        List<ModelFlags> flags = models.stream()
                .map(model -> new ModelFlags(model, new WeightFlags(dtype, kernels)))
                .toList();
        int rows = 0;
        for (Path file : source.files()) { // errors in a file are reported before a model is loaded
            rows += AnalysisRows.read(input(flags.get(0), file)).size();
        }
        Path out = study.out(flags.get(0).defaultRun("-linkage"));
        try (StudyDirectory directory = StudyDirectory.create(out, study.force());
                Interruption interruption = Interruption.cleaningUpBy(directory::abandon)) {
            List<LinkageSource> sources = new ArrayList<>();
            for (ModelFlags model : flags) {
                sources.addAll(measure(
                        model,
                        directory,
                        "study linkage: " + CommonOptions.counted(rows, source.given() ? "trace" : "prompt") + " to "
                                + model.name() + "; into " + out));
            }
            LinkageExperiment experiment;
            try (Progress progress = common.progress("statistics", sources.size())) {
                experiment = LinkageExperiment.of(sources, settings, () -> progress.advance(1));
            }
            String command = StudyFlags.commandLine(common);
            StudyReport report = LinkageReport.of(experiment, command, directory.provenance());
            Path place = directory.finish(report, experiment.file(command, directory.runs()));
            report.findings().forEach(common.out()::println);
            common.out().println("report: " + out.resolve(place.relativize(place.resolve("report.html"))));
        }
        return ExitCode.DONE;
    }

    private void check() throws IOException {
        study.check(sampling.seed());
        sampling.sampling(Set.of());
        if (source.given()) {
            sampling.refuseWhereNothingIsDrawn();
            study.refuseWithTraces();
        }
        if (by != null && study.heads() != null) {
            throw new BadInputException("--by layers finds heads in each third of the layers, but --heads "
                    + study.heads() + " gives fixed groups; leave one of the two out");
        }
    }

    private AnalysisInput input(ModelFlags model, Path file) throws IOException {
        return source.given()
                ? study.traces(model, file, sampling.seed())
                : study.prompts(model, file, sampling.seed(), null);
    }

    private List<LinkageSource> measure(ModelFlags model, StudyDirectory directory, String announcement)
            throws IOException {
        List<LinkageSource> sources = new ArrayList<>();
        try (Upbeat loaded = model.load(common);
                AnalysisConsole console = new AnalysisConsole(common, null, announcement)) {
            LinkageSources readings = new LinkageSources(loaded.config().layers(), by == By.LAYERS);
            RhythmOptions options = study.rhythm(loaded.config());
            for (Path file : source.files()) {
                String data = StudyFlags.dataName(file);
                AnalysisInput input = input(model, file);
                StudyDirectory.Run run = directory.run(
                        model.shortName() + "-" + data,
                        input,
                        loaded,
                        sampling.sampling(loaded.stopIds()),
                        options,
                        readings.readings(),
                        config(model, input, loaded, options),
                        console);
                sources.addAll(readings.of(model.shortName(), data, run));
            }
        }
        return sources;
    }

    private Map<String, Object> config(ModelFlags model, AnalysisInput input, Upbeat loaded, RhythmOptions options)
            throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", "study linkage");
        study.record(config, model, input, loaded, options);
        if (!source.given()) {
            sampling.record(config);
        }
        config.put("seed", sampling.seed());
        return config;
    }
}
