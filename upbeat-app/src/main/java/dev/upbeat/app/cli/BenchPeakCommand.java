package dev.upbeat.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.tensor.KernelChoice;
import dev.upbeat.tensor.Libtorch;
import dev.upbeat.tensor.MachinePeak;
import dev.upbeat.tensor.ModelShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code upbeat bench peak}. */
@SuppressWarnings("UnusedVariable") // picocli sets the options
@Command(
        name = "peak",
        description =
                "What this machine can do: matrix products by dtype, and reading memory; the fastest of many runs.",
        footerHeading = "%nExample:%n",
        footer = "  upbeat bench peak model.gguf --save kernels.json")
final class BenchPeakCommand implements Callable<Integer> {
    /** The shape for --save without a model: a decoder of half a billion weights. */
    private static final ModelShape USUAL = new ModelShape(1024, 3072, 16, 8, 128);

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "The model for whose shape --save measures (default: a usual one of 0.6 billion weights).")
    private @Nullable String model;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Measure which kernels are fastest, and write the choice for --kernels FILE.")
    private @Nullable Path save;

    @Override
    public Integer call() throws IOException {
        ModelShape shape = shape();
        common.startLibtorch();
        MachinePeak peak = MachinePeak.measure();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("threads", Libtorch.threads());
        result.put("f32_gflops", peak.f32() / 1e9);
        result.put("bf16_gflops", peak.bf16() == null ? null : peak.bf16() / 1e9);
        result.put("memory_gb_per_s", peak.bandwidth() / 1e9);
        if (save != null) {
            result.put("kernels", KernelChoice.measureInto(save, shape).toString());
        }
        common.out().println(new ObjectMapper().writeValueAsString(result));
        return ExitCode.DONE;
    }

    private ModelShape shape() throws IOException {
        if (model == null) {
            return USUAL;
        }
        try (DownloadLine download = new DownloadLine(common::progress);
                Checkpoint checkpoint =
                        Checkpoint.open(ModelFiles.locate(model, null, download).model(), null)) {
            return checkpoint.config().shape();
        }
    }
}
