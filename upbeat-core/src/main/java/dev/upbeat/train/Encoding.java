package dev.upbeat.train;

import dev.upbeat.checkpoint.Checkpoint;
import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.TraceRow;
import dev.upbeat.task.Problem;
import dev.upbeat.tokenizer.ChatTemplate;
import dev.upbeat.tokenizer.HfTokenizer;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.StopToken;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Between problems and token ids, as a model's own tokenizer and chat template say. */
final class Encoding implements AutoCloseable {
    private final HfTokenizer tokenizer;
    private final PromptEncoder prompts;
    private final Map<String, Object> variables;
    private final ModelConfig config;
    private final List<StopToken> stopTokens;

    /** @param variables of the chat template for all prompts */
    Encoding(
            HfTokenizer tokenizer,
            @Nullable ChatTemplate template,
            Map<String, Object> variables,
            ModelConfig config,
            List<StopToken> stopTokens) {
        this.tokenizer = tokenizer;
        this.prompts = new PromptEncoder(tokenizer, template, variables);
        this.variables = variables;
        this.config = config;
        this.stopTokens = List.copyOf(stopTokens);
    }

    /** @throws BadInputException where the model came without a tokenizer */
    static Encoding of(Checkpoint checkpoint, Map<String, Object> variables) {
        HfTokenizer tokenizer = checkpoint.tokenizer();
        if (tokenizer == null) {
            throw new BadInputException(checkpoint.path() + " has no tokenizer (tokenizer.json), and a task's problems"
                    + " are text; put the tokenizer beside the weights");
        }
        return new Encoding(
                tokenizer, checkpoint.chatTemplate(), variables, checkpoint.config(), checkpoint.stopTokens(tokenizer));
    }

    /** @throws BadInputException where the problem leaves no room for a response */
    int[] prompt(Problem problem) {
        return prompt("problem " + problem.id(), problem.prompt());
    }

    private int[] prompt(String row, Prompt prompt) {
        int[] ids = prompts.encode(row, prompt);
        if (ids.length >= config.context()) {
            throw new BadInputException(row + " has " + ids.length
                    + " tokens, which leaves no room for a response in the model's context of " + config.context());
        }
        return ids;
    }

    /**
     * A row of a traces file. Exact ids win over text; a response that is given as text is ended by the model's first stop
     * token, so that ends are learnt too.
     */
    Trace trace(TraceRow row) {
        int[] prompt = row.promptIds();
        if (prompt == null) {
            prompt = prompt("trace " + row.id(), Objects.requireNonNull(row.prompt()));
        } else {
            PromptEncoder.requireNoVariables("trace " + row.id(), variables);
        }
        int[] response = row.responseIds();
        if (response == null) {
            int[] words = tokenizer.encode(Objects.requireNonNull(row.response()), false);
            response = Arrays.copyOf(words, words.length + (stopTokens.isEmpty() ? 0 : 1));
            if (!stopTokens.isEmpty()) {
                response[words.length] = stopTokens.get(0).id();
            }
        }
        Trace trace = new Trace(row.id(), prompt, response, null, 1, row.reward());
        if (trace.length() > config.context()) {
            throw new BadInputException("trace " + row.id() + " has " + trace.length()
                    + " tokens, more than the model's context of " + config.context() + "; shorten it");
        }
        config.requireKnown(trace.ids(), "trace " + row.id() + ":");
        return trace;
    }

    /** What a verifier reads: without special tokens. */
    String text(int[] responseIds) {
        return tokenizer.decode(responseIds, true);
    }

    /** The text that each id adds. */
    List<String> texts(int[] ids) {
        return tokenizer.tokenTexts(ids);
    }

    /** Tokens that end a response, with the settings that name them. */
    List<StopToken> stopTokens() {
        return stopTokens;
    }

    /** Ids that end a response. */
    Set<Integer> stopIds() {
        return stopTokens.stream().map(StopToken::id).collect(Collectors.toUnmodifiableSet());
    }

    PromptEncoder prompts() {
        return prompts;
    }

    HfTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
