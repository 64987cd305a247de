package dev.upbeat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.testing.ParityFixture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    /** Two reads of a tensor are at one address only where both are views of the mapped file. */
    @ParameterizedTest
    @CsvSource({"qwen3-bf16, BF16, true", "llama, F32, true", "llama-sharded, F32, true", "qwen3-bf16, F32, false"})
    void matricesInTheDecodersDtypeAreNotCopied(String fixture, Dtype dtype, boolean mapped) {
        try (Checkpoint checkpoint =
                        Checkpoint.open(ParityFixture.named(fixture).directory());
                Weights weights = Weights.load(checkpoint.config(), checkpoint.weights(), dtype, Adapters.NONE);
                PointerScope scope = new PointerScope()) {
            matrices(weights).forEach((name, matrix) -> {
                long address = checkpoint.weights().read(name, dtype).data_ptr().address();
                // A packed matrix is a converted one: it has no address of its own to show.
                assertThat(!matrix.is_mkldnn() && matrix.data_ptr().address() == address)
                        .as("%s of %s is a view of the file", name, fixture)
                        .isEqualTo(mapped);
            });
        }
    }

    private static Map<String, Tensor> matrices(Weights weights) {
        Map<String, Tensor> matrices = new LinkedHashMap<>();
        matrices.put("model.embed_tokens.weight", weights.embedding());
        for (int l = 0; l < weights.layers().size(); l++) {
            Weights.Layer layer = weights.layers().get(l);
            String attention = "model.layers." + l + ".self_attn.";
            String mlp = "model.layers." + l + ".mlp.";
            List<String> projections = List.of("q_proj", "k_proj", "v_proj");
            for (int i = 0; i < projections.size(); i++) {
                // Where they were converted all three are one matrix.
                Tensor weight =
                        layer.qkv().get(Math.min(i, layer.qkv().size() - 1)).weight();
                matrices.put(attention + projections.get(i) + ".weight", weight);
            }
            matrices.put(attention + "o_proj.weight", layer.o().weight());
            matrices.put(mlp + "gate_proj.weight", layer.gate().weight());
            matrices.put(mlp + "up_proj.weight", layer.up().weight());
            matrices.put(mlp + "down_proj.weight", layer.down().weight());
        }
        return matrices;
    }
}
