package dev.upbeat.train;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.task.Problem;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.StopToken;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Conversion between text and token ids for the model that is trained.
 *
 * @param prompts encodes prompts with the model's own tokenizer and chat template
 * @param stopTokens tokens that end a response, with the settings that name them
 */
record Encoding(HfTokenizer tokenizer, PromptEncoder prompts, ModelConfig config, List<StopToken> stopTokens)
        implements AutoCloseable {

    /** @param variables of the chat template for all prompts */
    Encoding(
            HfTokenizer tokenizer,
            @Nullable ChatTemplate template,
            Map<String, Object> variables,
            ModelConfig config,
            List<StopToken> stopTokens) {
        this(tokenizer, new PromptEncoder(tokenizer, template, variables), config, List.copyOf(stopTokens));
    }

    /** @throws BadInputException if the model has no tokenizer */
    static Encoding of(Checkpoint checkpoint, Map<String, Object> variables) {
        HfTokenizer tokenizer = checkpoint.tokenizer();
        if (tokenizer == null) {
            throw new BadInputException(checkpoint.path() + " has no tokenizer (tokenizer.json), and a task's problems"
                    + " are text; put the tokenizer beside the weights");
        }
        return new Encoding(
                tokenizer, checkpoint.chatTemplate(), variables, checkpoint.config(), checkpoint.stopTokens(tokenizer));
    }

    /** @throws BadInputException if the problem leaves no room for a response */
    int[] prompt(Problem problem) {
        String row = "problem " + problem.id();
        return config.requireRoom(prompts.encode(row, problem.prompt()), row);
    }

    /** The text of a response for a verifier, without special tokens. */
    String text(int[] responseIds) {
        return tokenizer.decode(responseIds, true);
    }

    /** The text that each token id adds. */
    List<String> texts(int[] ids) {
        return tokenizer.tokenTexts(ids);
    }

    /** A response ended with the first stop token, so that a model that learns it learns to stop. */
    int[] ended(String response) {
        int[] words = tokenizer.encode(response, false);
        int[] ids = Arrays.copyOf(words, words.length + Math.min(1, stopTokens.size()));
        if (!stopTokens.isEmpty()) {
            ids[words.length] = stopTokens.get(0).id();
        }
        return ids;
    }

    /** Ids that end a response. */
    Set<Integer> stopIds() {
        return stopTokens.stream().map(StopToken::id).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
