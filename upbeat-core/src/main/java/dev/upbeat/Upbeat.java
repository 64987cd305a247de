package dev.upbeat;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.hub.DownloadProgress;
import dev.upbeat.hub.ModelFiles;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.observe.ObservedTraces;
import dev.upbeat.observe.Observer;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.KernelChoice;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.StopToken;
import dev.upbeat.trace.Trace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A language model that writes responses and measures their rhythm. Programs start from this class.
 *
 * <pre>{@code
 * try (Upbeat model = Upbeat.load("SmolLM2-135M-Instruct.Q4_1.gguf")) {
 *     Trace trace = model.write("What is 17 * 24?", model.greedy(256));
 *     Observation seen = model.watch(List.of(trace)).observations().get(0);
 *     for (int t : Anchors.of(seen.fai(), Peaks.DEFAULT_SHARE)) {
 *         System.out.println(trace.tokens().get(t));
 *     }
 * }
 * }</pre>
 *
 * The tokenizer and the chat template are read on first use, so a model with an unsupported one still accepts token
 * ids. Not safe for use by several threads at once.
 */
public final class Upbeat implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final Decoder decoder;
    private final Deferred<HfTokenizer> tokenizer;
    private final Deferred<ChatTemplate> chatTemplate;

    private Upbeat(Checkpoint checkpoint, Decoder decoder) {
        this.checkpoint = checkpoint;
        this.decoder = decoder;
        this.tokenizer = new Deferred<>(checkpoint::tokenizer);
        this.chatTemplate = new Deferred<>(checkpoint::chatTemplate);
    }

    /** @see #load(String, Dtype, DownloadProgress) */
    public static Upbeat load(String model) throws IOException {
        return load(model, null, (file, done, total) -> {});
    }

    /**
     * Loads a model.
     *
     * @param model a Hugging Face directory, a GGUF file, or a hub id such as {@code Qwen/Qwen3-0.6B@main}; or a PEFT adapter,
     *     whose settings name its base and which is merged into the weights
     * @param dtype of weights and matrix products; null for {@link Checkpoint#automaticDtype}
     * @throws BadInputException if there is no such model or it cannot be read
     * @throws IOException if a download fails
     */
    public static Upbeat load(String model, @Nullable Dtype dtype, DownloadProgress progress) throws IOException {
        return load(model, null, dtype, progress);
    }

    /**
     * As {@link #load(String, Dtype, DownloadProgress)}, with an adapter beside the model.
     *
     * @param adapter directory or hub id of a PEFT adapter over the model; null without one
     */
    public static Upbeat load(String model, @Nullable String adapter, @Nullable Dtype dtype, DownloadProgress progress)
            throws IOException {
        ModelFiles files = ModelFiles.locate(model, adapter, progress);
        Checkpoint checkpoint = Checkpoint.open(files.model(), files.adapter());
        try {
            KernelChoice.decide(checkpoint.config().shape());
            Dtype chosen = dtype == null ? checkpoint.automaticDtype() : dtype;
            Decoder decoder = Decoder.load(checkpoint.config(), checkpoint.weights(), chosen);
            return new Upbeat(checkpoint, decoder);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return checkpoint.config();
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public Decoder decoder() {
        return decoder;
    }

    /** @throws BadInputException if the model has no tokenizer or an unsupported one */
    public HfTokenizer tokenizer() {
        HfTokenizer found = tokenizer.get();
        if (found == null) {
            throw new BadInputException(
                    checkpoint.path() + " has no tokenizer (tokenizer.json); give prompts and responses as token ids");
        }
        return found;
    }

    /** Text that each id adds to the response; null if the model has no tokenizer or an unsupported one. */
    public @Nullable List<String> texts(int[] ids) {
        HfTokenizer found = tokenizer.orNull();
        return found == null ? null : found.tokenTexts(ids);
    }

    /** Why the model's tokenizer is not supported; null if it is, or if the model has none. */
    public @Nullable String tokenizerProblem() {
        return tokenizer.problem();
    }

    /**
     * Whether the model has a chat template. Without one it continues raw text.
     *
     * @throws BadInputException if the chat template cannot be used
     */
    public boolean hasChatTemplate() {
        return chatTemplate.get() != null;
    }

    /**
     * Token ids of a conversation with the generation prompt. A final assistant message is left open, for the model to
     * continue.
     *
     * @throws BadInputException if the model has no chat template or tokenizer, or an unsupported one
     */
    public int[] encode(List<Message> messages) {
        ChatTemplate template = chatTemplate.get();
        if (template == null) {
            throw new BadInputException(checkpoint.path()
                    + " has no chat template; give prompts as raw text ({\"prompt\": \"...\"}) or as token ids");
        }
        return tokenizer().encode(template.prompt(messages, Map.of()), false);
    }

    /**
     * An encoder for prompts. It fails at the first text or conversation if the tokenizer or the chat template is missing or
     * cannot be read.
     *
     * @param variables of the chat template for all prompts
     */
    public PromptEncoder promptEncoder(Map<String, Object> variables) {
        return new PromptEncoder(this::tokenizer, chatTemplate::get, variables);
    }

    /** Token ids of raw text, with the tokenizer's own special tokens. */
    public int[] encode(String text) {
        return tokenizer().encode(text, true);
    }

    /** Greedy decoding that ends at the model's stop tokens. */
    public Sampling greedy(int maxNewTokens) {
        return Sampling.greedy(maxNewTokens, stopIds());
    }

    /** Tokens that end a response, with the settings that name them. */
    public List<StopToken> stopTokens() {
        return checkpoint.stopTokens(tokenizer.orNull());
    }

    /** Ids of {@link #stopTokens}. */
    public Set<Integer> stopIds() {
        return stopTokens().stream().map(StopToken::id).collect(Collectors.toUnmodifiableSet());
    }

    /** Writes a response to one user message. */
    public Trace write(String question, Sampling sampling) {
        return write(List.of(encode(List.of(new Message("user", question)))), sampling, (prompt, id) -> {})
                .get(0);
    }

    /**
     * Writes a response to each prompt.
     *
     * @param prompts token ids, each with at least one
     * @return traces with ids "0", "1", .. in the prompts' order
     */
    public List<Trace> write(List<int[]> prompts, Sampling sampling, Generator.Listener listener) {
        List<Response> responses =
                new Generator(decoder, Generator.DEFAULT_BATCH).generate(prompts, sampling, listener);
        return IntStream.range(0, prompts.size())
                .mapToObj(i -> new Trace(
                        String.valueOf(i),
                        prompts.get(i),
                        responses.get(i).ids(),
                        texts(responses.get(i).ids()),
                        sampling.logProbTemperature(),
                        null))
                .toList();
    }

    /**
     * Measures the rhythm of traces with the settings of the paper's analysis: all layers, W = 10, horizon to the end.
     */
    public ObservedTraces watch(List<Trace> traces) {
        return watch(
                traces,
                RhythmOptions.analysis(
                        IntStream.range(0, config().layers()).boxed().toList()));
    }

    /**
     * Measures the rhythm of traces.
     *
     * @throws BadInputException if a trace is longer than the model's context; {@link Observer#beyondContext} accepts
     *     such traces
     */
    public ObservedTraces watch(List<Trace> traces, RhythmOptions options) {
        return new Observer(decoder, options).observe(traces);
    }

    @Override
    public void close() {
        decoder.close();
        tokenizer.ifFound(HfTokenizer::close);
        checkpoint.close();
    }
}
