package dev.upbeat.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/**
 * A Hugging Face directory with a Llama of random weights: 3 layers, hidden 16, 4 query heads of 8 over 2 key/value heads,
 * a context of 96 tokens, a token for each byte and two special ones.
 */
@NullMarked
final class TinyModel {
    static final int LAYERS = 3;
    static final int HEADS = 4;
    static final int CONTEXT = 96;
    static final int END = 256;
    static final int VOCABULARY = 258;

    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final int KV_HEADS = 2;
    private static final int MLP = 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    private TinyModel() {}

    /** Without a tokenizer: for ids alone. */
    static Path write(Path directory) {
        return write(directory, weights());
    }

    static Path write(Path directory, Map<String, float[]> weights) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("config.json"), JSON.writeValueAsString(config()));
            Files.write(directory.resolve("model.safetensors"), safetensors(weights));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a tokenizer of single bytes. */
    static Path writeWithTokenizer(Path directory) {
        write(directory);
        return put(directory, "tokenizer.json", tokenizer());
    }

    /** With a chat template too. */
    static Path writeWithChatTemplate(Path directory) {
        writeWithTokenizer(directory);
        return put(
                directory,
                "chat_template.jinja",
                "{% for m in messages %}{{ m.role }}: {{ m.content }}<|end|>{% endfor %}"
                        + "{% if add_generation_prompt %}assistant: {% endif %}");
    }

    /** For prompts longer than {@link #CONTEXT}: a context is a limit, no weight depends on it. */
    static Path enlargeContext(Path directory, int tokens) {
        Map<String, Object> config = config();
        config.put("max_position_embeddings", tokens);
        return put(directory, "config.json", config);
    }

    static Path put(Path directory, String name, Object content) {
        try {
            String text = content instanceof String given ? given : JSON.writeValueAsString(content);
            Files.writeString(directory.resolve(name), text);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", "llama");
        config.put("hidden_size", HIDDEN);
        config.put("intermediate_size", MLP);
        config.put("num_hidden_layers", LAYERS);
        config.put("num_attention_heads", HEADS);
        config.put("num_key_value_heads", KV_HEADS);
        config.put("head_dim", HEAD_DIM);
        config.put("vocab_size", VOCABULARY);
        config.put("max_position_embeddings", CONTEXT);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("tie_word_embeddings", true);
        config.put("torch_dtype", "float32");
        config.put("eos_token_id", END);
        return config;
    }

    /** By name, the same at every call. */
    static Map<String, float[]> weights() {
        Random random = new Random(7);
        Map<String, float[]> weights = new LinkedHashMap<>();
        shapes().forEach((name, shape) -> {
            float[] values = new float[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * 0.5);
            }
            weights.put(name, values);
        });
        return weights;
    }

    private static Map<String, int[]> shapes() {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new int[] {VOCABULARY, HIDDEN});
        shapes.put("model.norm.weight", new int[] {HIDDEN});
        for (int l = 0; l < LAYERS; l++) {
            String layer = "model.layers." + l + ".";
            shapes.put(layer + "input_layernorm.weight", new int[] {HIDDEN});
            shapes.put(layer + "post_attention_layernorm.weight", new int[] {HIDDEN});
            shapes.put(layer + "self_attn.q_proj.weight", new int[] {HEADS * HEAD_DIM, HIDDEN});
            shapes.put(layer + "self_attn.k_proj.weight", new int[] {KV_HEADS * HEAD_DIM, HIDDEN});
            shapes.put(layer + "self_attn.v_proj.weight", new int[] {KV_HEADS * HEAD_DIM, HIDDEN});
            shapes.put(layer + "self_attn.o_proj.weight", new int[] {HIDDEN, HEADS * HEAD_DIM});
            shapes.put(layer + "mlp.gate_proj.weight", new int[] {MLP, HIDDEN});
            shapes.put(layer + "mlp.up_proj.weight", new int[] {MLP, HIDDEN});
            shapes.put(layer + "mlp.down_proj.weight", new int[] {HIDDEN, MLP});
        }
        return shapes;
    }

    /** A safetensors file in F32. */
    static byte[] safetensors(Map<String, float[]> weights) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes().forEach((name, shape) ->
                shapes.put(name, IntStream.of(shape).boxed().toList()));
        return safetensors(weights, shapes);
    }

    static byte[] safetensors(Map<String, float[]> weights, Map<String, List<Integer>> shapes) {
        Map<String, Object> header = new LinkedHashMap<>();
        int end = 0;
        for (Map.Entry<String, float[]> tensor : weights.entrySet()) {
            int begin = end;
            end += tensor.getValue().length * Float.BYTES;
            header.put(
                    tensor.getKey(),
                    Map.of("dtype", "F32", "shape", shapes.get(tensor.getKey()), "data_offsets", List.of(begin, end)));
        }
        ByteBuffer data = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] values : weights.values()) {
            for (float value : values) {
                data.putFloat(value);
            }
        }
        return framed(JSON.valueToTree(header).toString(), data.array());
    }

    /** The header's length, the header, the data. */
    static byte[] framed(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    private static Map<String, Object> tokenizer() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int unprintable = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            vocabulary.put(Character.toString(printable ? b : 256 + unprintable++), b);
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", List.of());
        Map<String, Object> tokenizer = new LinkedHashMap<>();
        tokenizer.put("version", "1.0");
        tokenizer.put("added_tokens", List.of(special(END, "<|end|>"), special(END + 1, "<|start|>")));
        Map<String, Object> byteLevel =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", true);
        tokenizer.put("pre_tokenizer", byteLevel);
        tokenizer.put("decoder", byteLevel);
        tokenizer.put("model", model);
        return tokenizer;
    }

    private static Map<String, Object> special(int id, String content) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", content);
        List.of("single_word", "lstrip", "rstrip", "normalized").forEach(name -> token.put(name, false));
        token.put("special", true);
        return token;
    }

    /** A traces file: {@code count} rows t0, t1 .. of random ids, each response a token longer than the one before. */
    static Path traces(Path file, int count, int promptTokens, int responseTokens) {
        Random random = new Random(11);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row("t" + i, ids(random, promptTokens), ids(random, responseTokens + i)));
        }
        return lines(file, rows.toArray(String[]::new));
    }

    static String row(String id, int[] promptIds, int[] responseIds) {
        return "{\"id\": \"" + id + "\", \"prompt_ids\": " + Arrays.toString(promptIds) + ", \"response_ids\": "
                + Arrays.toString(responseIds) + "}";
    }

    private static int[] ids(Random random, int count) {
        return random.ints(count, 0, VOCABULARY).toArray();
    }

    /** A file of these lines. */
    static Path lines(Path file, String... lines) {
        try {
            return Files.write(file, List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
