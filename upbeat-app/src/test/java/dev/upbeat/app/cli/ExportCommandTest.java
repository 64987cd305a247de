package dev.upbeat.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.SafetensorsWriter;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private static final String QUERY = "model.layers.0.self_attn.q_proj";
    private static final int HIDDEN = 16;
    private static final int QUERIES = 32;
    private static final double SCALE = 3;

    @TempDir
    private Path directory;

    private Path model;
    private Path adapter;
    private Path out;

    @BeforeEach
    void writeFiles() throws IOException {
        model = TinyModel.write(directory.resolve("tiny"));
        out = directory.resolve("exported");
        adapter = Files.createDirectory(directory.resolve("lora"));
        Map<String, Object> settings = Map.of(
                "peft_type",
                "LORA",
                "r",
                1,
                "lora_alpha",
                SCALE,
                "target_modules",
                List.of(QUERY),
                "base_model_name_or_path",
                "../tiny");
        new ObjectMapper().writeValue(adapter.resolve("adapter_config.json").toFile(), settings);
        try (PointerScope scope = new PointerScope()) {
            SafetensorsWriter.write(
                    adapter.resolve("adapter_model.safetensors"),
                    Map.of(
                            "base_model.model." + QUERY + ".lora_A.weight", a(),
                            "base_model.model." + QUERY + ".lora_B.weight", b()));
        }
    }

    private static Tensor a() {
        float[] a = new float[HIDDEN];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) Math.sin(i);
        }
        return Tensors.of(a, 1, HIDDEN);
    }

    private static Tensor b() {
        float[] b = new float[QUERIES];
        for (int i = 0; i < b.length; i++) {
            b[i] = (float) Math.cos(i);
        }
        return Tensors.of(b, QUERIES, 1);
    }

    private Cli export(Object... arguments) {
        Object[] all = new Object[arguments.length + 3];
        all[0] = "export";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--out";
        all[all.length - 1] = out;
        return Cli.upbeat(all);
    }

    /** The largest distance of the exported weights from W + scale B A, W itself for all but one weight. */
    private double distanceFromMerged() {
        try (Checkpoint base = Checkpoint.open(model);
                Checkpoint exported = Checkpoint.open(out);
                PointerScope scope = new PointerScope()) {
            assertThat(exported.weights().names()).isEqualTo(base.weights().names());
            double largest = 0;
            for (String name : base.weights().names()) {
                Tensor expected = base.weights().read(name, Dtype.F32);
                if (name.equals(QUERY + ".weight")) {
                    expected = expected.add(b().matmul(a()).mul(Tensors.scalar(SCALE)));
                }
                Tensor off = expected.sub(exported.weights().read(name, Dtype.F32));
                largest = Math.max(largest, off.abs().max().item_double());
            }
            return largest;
        }
    }

    @Test
    void theMergedModelIsBasePlusAdapter() {
        assertThat(export(adapter, "--merge").done().out()).contains("exported: ", "lora merged into ", " weights");
        assertThat(distanceFromMerged()).isLessThan(1e-6);
        assertThat(out.resolve("config.json")).exists();
    }

    @Test
    void theBaseMayBeGiven() throws IOException {
        Path settings = adapter.resolve("adapter_config.json");
        Files.writeString(settings, Files.readString(settings).replace("../tiny", "gone"));
        export(adapter, "--merge", "--base", model).done();
        assertThat(distanceFromMerged()).isLessThan(1e-6);
    }

    @Test
    void theDtypeIsWritten() throws IOException {
        export(adapter, "--merge", "--dtype", "bf16").done();
        assertThat(Files.readString(out.resolve("config.json"))).contains("bfloat16");
        assertThat(distanceFromMerged()).isBetween(1e-6, 0.05);
    }

    @Test
    void aRunIsItsLastCheckpoint() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), "kind: sft\n");
        Files.createDirectory(run.resolve("checkpoint-3"));
        Files.move(model, run.resolve("checkpoint-12"));
        model = run.resolve("checkpoint-12");
        Files.createDirectory(model.resolve("trainer"));
        assertThat(export(run).done().out()).contains("checkpoint-12, ");
        assertThat(out.resolve("trainer")).doesNotExist();
        try (Checkpoint base = Checkpoint.open(model);
                Checkpoint exported = Checkpoint.open(out);
                PointerScope scope = new PointerScope()) {
            for (String name : base.weights().names()) {
                assertThat(exported.weights()
                                .read(name, Dtype.F32)
                                .equal(base.weights().read(name, Dtype.F32)))
                        .isTrue();
            }
        }
    }

    @Test
    void wrongUseIsRefused() throws IOException {
        export(adapter).refused("lora is a PEFT adapter", "Give --merge");
        export(model, "--merge").refused("tiny is no PEFT adapter, but --merge is given");
        assertThat(out).doesNotExist();
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.writeString(run.resolve("config.yaml"), "kind: sft\n");
        export(run).refused("run: has no checkpoint");
        Files.createDirectory(out);
        Files.writeString(out.resolve("mine.txt"), "mine");
        export(model).refused("exported", "not empty");
    }
}
