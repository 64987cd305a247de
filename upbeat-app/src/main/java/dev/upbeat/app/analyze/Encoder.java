package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.PromptRow;
import dev.upbeat.store.TraceRow;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of files to token ids: messages by the chat template, raw text with the tokenizer's own special tokens. */
final class Encoder {
    /** More than the tokens of most texts have. */
    private static final int CHARACTERS_OF_A_TOKEN = 16;

    /** Where a text is cut, it may have so many tokens that it does not have as a whole. */
    private static final int CUT_TOKENS = 64;

    private final Upbeat model;
    private final @Nullable String system;
    private final Map<String, Object> variables;
    private final boolean beyondContext;
    private @Nullable PromptEncoder prompts;

    Encoder(Upbeat model, AnalysisInput input) {
        this.model = model;
        this.system = input.system();
        this.variables = input.templateVars();
        this.beyondContext = input.beyondContext();
    }

    /** @throws BadInputException where the prompt leaves no room for a response */
    int[] prompt(PromptRow row) {
        int[] ids = checked(row.id(), encoded(row.id(), null, row.prompt()), "prompt");
        int context = model.config().context();
        if (ids.length >= context) {
            throw new BadInputException("row " + row.id() + ": the prompt has " + ids.length
                    + " tokens, which leaves no room for a response in the model's context of " + context
                    + "; shorten it");
        }
        return ids;
    }

    Trace trace(TraceRow row) {
        int[] prompt = encoded(row.id(), row.promptIds(), row.prompt());
        int[] response = row.responseIds() != null
                ? row.responseIds()
                : model.tokenizer().encode(fitting(row.id(), "response", row.response()), false);
        if (response.length == 0) {
            throw new BadInputException(
                    "trace " + row.id() + ": the response is empty; a trace needs at least one response token");
        }
        return new Trace(
                row.id(),
                checked(row.id(), prompt, "prompt"),
                checked(row.id(), response, "response"),
                model.texts(response),
                row.temperature() == null ? 1 : row.temperature(),
                row.reward());
    }

    /** Exact ids win over text. */
    private int[] encoded(String id, int @Nullable [] ids, @Nullable Prompt prompt) {
        boolean isConversation = ids == null && prompt != null && prompt.messages() != null;
        if (system != null && !isConversation) {
            throw new BadInputException("row " + id + " gives its prompt as " + (ids == null ? "raw text" : "ids")
                    + ", which has no place for --system; give it as messages or question, or leave --system out");
        }
        if (ids != null) {
            PromptEncoder.requireNoVariables("row " + id, variables);
            return ids;
        }
        Prompt given = Objects.requireNonNull(prompt);
        if (given.messages() == null) {
            fitting(id, "prompt", given.text());
        }
        return prompts().encode("row " + id, withSystem(id, given));
    }

    /** Made on first use, because ids need neither tokenizer nor chat template. */
    private PromptEncoder prompts() {
        if (prompts == null) {
            prompts = model.promptEncoder(variables);
        }
        return prompts;
    }

    /**
     * The text, unless already its beginning is too long for the model: it is refused then, before the tokenizer spends a
     * second on every megabyte of it.
     */
    private String fitting(String id, String part, @Nullable String given) {
        String text = Objects.requireNonNull(given);
        int context = model.config().context();
        long beginning = (long) CHARACTERS_OF_A_TOKEN * context; // code points, of one or two characters
        if (!beyondContext && text.length() > 2 * beginning) {
            int end = text.offsetByCodePoints(0, (int) beginning);
            int tokens = model.tokenizer().encode(text.substring(0, end), false).length;
            if (tokens - CUT_TOKENS > context) {
                throw new BadInputException("row " + id + ": the " + part + " has " + text.length()
                        + " characters, the first " + end + " of them " + tokens
                        + " tokens, more than the model's context of " + context + "; shorten it");
            }
        }
        return text;
    }

    /** Adds the command line's system message to conversations without one. */
    private Prompt withSystem(String id, Prompt prompt) {
        List<Message> messages = prompt.messages();
        if (system == null || messages == null) {
            return prompt;
        }
        if (messages.stream().anyMatch(message -> message.role().equals("system"))) {
            throw new BadInputException("row " + id + " has a system message of its own; leave --system out");
        }
        List<Message> all = new ArrayList<>();
        all.add(new Message("system", system));
        all.addAll(messages);
        return new Prompt(all, null, prompt.variables());
    }

    private int[] checked(String id, int[] ids, String part) {
        model.config().requireKnown(ids, "row " + id + ": " + part);
        if (ids.length == 0) {
            throw new BadInputException("row " + id + ": the " + part + " is empty; expected at least one token");
        }
        return ids;
    }
}
