package dev.upbeat.checkpoint;

import dev.upbeat.gguf.GgufFile;
import dev.upbeat.gguf.GgufHeader;
import dev.upbeat.io.BadInputException;
import dev.upbeat.tensor.Dtype;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/** The weights of a GGUF file in the form of a Hugging Face checkpoint: names, order of q and k rows, dequantised. */
final class GgufWeights implements WeightSource {
    private final GgufFile file;
    private final ModelConfig config;
    private final Map<String, GgufHeader.Info> byName = new LinkedHashMap<>();

    GgufWeights(GgufFile file, ModelConfig config) {
        this.file = file;
        this.config = config;
        file.header().tensors().forEach((name, info) -> {
            if (!name.equals(GgufNames.ROPE_FREQS)) {
                byName.put(GgufNames.huggingFace(name), info);
            }
        });
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    @Override
    public long[] shape(String name) {
        return info(name).shape().stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        GgufHeader.Info info = info(name);
        // Converters permute q and k of llama-type models only, which include Mistral's.
        boolean permuted = config.architecture() == Architecture.LLAMA || config.architecture() == Architecture.MISTRAL;
        if (permuted && name.contains(".self_attn.q_proj.")) {
            return file.readRotaryHalves(info, dtype, config.heads());
        }
        if (permuted && name.contains(".self_attn.k_proj.")) {
            return file.readRotaryHalves(info, dtype, config.kvHeads());
        }
        return file.read(info, dtype);
    }

    private GgufHeader.Info info(String name) {
        GgufHeader.Info info = byName.get(name);
        if (info == null) {
            throw new BadInputException(file.path() + " has no tensor " + name + ", it holds " + byName.size()
                    + " others. Use a complete file of a supported model.");
        }
        return info;
    }

    @Override
    public void close() {
        file.close();
    }
}
