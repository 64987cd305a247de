package dev.upbeat.train;

import dev.upbeat.checkpoint.Architecture;
import dev.upbeat.checkpoint.HfConfigWriter;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.checkpoint.RopeScaling;
import dev.upbeat.io.BadInputException;
import dev.upbeat.learn.FullPolicy;
import dev.upbeat.learn.Policy;
import dev.upbeat.store.FileHash;
import dev.upbeat.task.countdown.NumberFeatures;
import dev.upbeat.task.countdown.SearchTokenizer;
import dev.upbeat.tensor.Dtype;
import dev.upbeat.tensor.KernelChoice;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.CompanionFiles;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.trace.StopToken;
import dev.upbeat.train.config.ArchitectureConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes models with random weights, of the Llama architecture, in f32. */
final class NewModel {
    private static final double RMS_NORM_EPS = 1e-5;

    /** Standard deviation of the embedding rows that {@link Policy#fromScratch} draws. */
    private static final double ROW_DEVIATION = 0.02;

    private NewModel() {}

    /**
     * @param tokenizer directory with the tokenizer.json to use; null for the tokenizer of Countdown's searches
     * @param seed seed of the weights
     * @param saved dtype of the weights in checkpoints; null for f32
     * @param templateVars variables of the chat template for all prompts
     * @param check rejects a model that the training cannot use, before it is made
     * @throws BadInputException if the machine cannot hold it, or the tokenizer cannot be used
     */
    static StartModel of(
            ArchitectureConfig architecture,
            @Nullable Path tokenizer,
            long seed,
            @Nullable Dtype saved,
            Map<String, Object> templateVars,
            Consumer<ModelConfig> check)
            throws IOException {
        Map<String, byte[]> files = tokenizer == null ? searchFiles() : CompanionFiles.ofTokenizer(tokenizer);
        if (!files.containsKey("tokenizer.json")) {
            throw new BadInputException(tokenizer + " has no tokenizer.json; give a directory that has one");
        }
        HfTokenizer words = HfTokenizer.fromFiles(files);
        List<StopToken> stopTokens = words.stopTokens(files);
        if (stopTokens.isEmpty()) {
            throw new BadInputException("neither generation_config.json beside the tokenizer (eos_token_id) nor"
                    + " tokenizer_config.json (eos_token) names an end-of-text token, which a model needs to end "
                    + "its responses; add one of them");
        }
        ModelConfig config = config(
                architecture,
                words.vocabularySize(),
                stopTokens.stream().map(StopToken::id).toList());
        check.accept(config);
        MemoryCheck.require(config);
        KernelChoice.decide(config.shape());
        ChatTemplate template =
                tokenizer == null ? null : ChatTemplate.fromFolder(tokenizer).orElse(null);
        FullPolicy policy = Policy.fromScratch(saved == null ? config : config.storedIn(saved), seed);
        if (architecture.numberFeatures()) {
            setNumbers(policy, words, seed);
        }
        FileHash hash = FileHash.ofText("from scratch", HfConfigWriter.toJson(config) + seed);
        return new StartModel(policy, new Encoding(words, template, templateVars, config, stopTokens), hash, files);
    }

    private static Map<String, byte[]> searchFiles() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        SearchTokenizer.files().forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return files;
    }

    private static ModelConfig config(ArchitectureConfig given, int vocabulary, List<Integer> stopIds) {
        return new ModelConfig(
                Architecture.LLAMA,
                given.layers(),
                given.hidden(),
                given.heads(),
                given.kvHeads(),
                given.headDim(),
                given.mlp(),
                vocabulary,
                given.context(),
                RMS_NORM_EPS,
                given.ropeTheta(),
                new RopeScaling.None(),
                false,
                false,
                false,
                false,
                given.tied(),
                Collections.nCopies(given.layers(), 0),
                "float32",
                stopIds);
    }

    /** Sets the token vectors of the numbers 0, 1, .., as far as their token ids are consecutive. */
    private static void setNumbers(FullPolicy policy, HfTokenizer words, long seed) {
        List<String> texts = IntStream.range(0, words.vocabularySize())
                .mapToObj(id -> words.tokenTexts(new int[] {id}).get(0).strip())
                .toList();
        int first = texts.indexOf("0");
        int count = 0;
        while (first >= 0
                && first + count < texts.size()
                && texts.get(first + count).equals(String.valueOf(count))) {
            count++;
        }
        if (count < 2) {
            throw new BadInputException("architecture.number_features: the tokenizer has no tokens 0, 1, 2 side by side"
                    + " to give features to; set it to false");
        }
        policy.setTokenVectors(first, NumberFeatures.rows(count, policy.config().hidden(), ROW_DEVIATION, seed));
    }
}
