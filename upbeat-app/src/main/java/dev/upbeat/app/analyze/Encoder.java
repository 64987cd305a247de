package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.Observer;
import dev.upbeat.store.TraceRow;
import dev.upbeat.task.TaskRow;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Trace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes the rows of an analysis: prompts, and traces that are given as text. */
final class Encoder {
    /** Characters per token, more than in most texts. */
    private static final int CHARACTERS_OF_A_TOKEN = 16;

    /** The most tokens that cutting a text may add. */
    private static final int CUT_TOKENS = 64;

    private final Upbeat model;
    private final PromptEncoder prompts;
    private final SystemMessage system;
    private final boolean beyondContext;
    private int unrendered; // raw prompts that a chat template could have rendered

    Encoder(Upbeat model, AnalysisInput input) {
        this.model = model;
        this.prompts = model.promptEncoder(input.templateVars());
        this.system = new SystemMessage(input.system());
        this.beyondContext = input.beyondContext();
    }

    /** @throws BadInputException if the prompt leaves no room for a response */
    int[] prompt(TaskRow row) {
        return BadInputException.at(row.place(), () -> encodedPrompt(row));
    }

    /** @throws BadInputException if the row does not fit the model */
    Trace trace(TraceRow row) {
        return BadInputException.at(row.place(), () -> encodedTrace(row));
    }

    private int[] encodedPrompt(TaskRow row) {
        return model.config().requireRoom(encoded(row.id(), null, row.prompt()), "row " + row.id() + ": the prompt");
    }

    private Trace encodedTrace(TraceRow row) {
        int[] prompt = encoded(row.id(), row.promptIds(), row.prompt());
        int[] response = row.responseIds() != null ? row.responseIds() : response(row);
        model.config().requireKnown(prompt, "row " + row.id() + ": prompt");
        model.config().requireKnown(response, "row " + row.id() + ": response");
        Trace trace = new Trace(
                row.id(),
                prompt,
                response,
                model.texts(response),
                row.temperature() == null ? 1 : row.temperature(),
                row.reward());
        if (!beyondContext) {
            Observer.requireInContext(trace, model.config().context());
        }
        return trace;
    }

    private int[] response(TraceRow row) {
        String text = fitting(row.id(), "response", row.response());
        return BadInputException.at(
                "row " + row.id() + ": response", () -> model.tokenizer().encode(text, false));
    }

    private int[] encoded(String id, int @Nullable [] ids, @Nullable Prompt prompt) {
        Prompt asked = system.before(id, ids, prompt);
        String raw = ids != null || asked == null || asked.messages() != null ? null : asked.text();
        if (raw != null) {
            fitting(id, "prompt", raw);
        }
        int[] encoded = prompts.encode("row " + id, ids, asked);
        if (raw != null && couldBeRendered(raw)) {
            unrendered++;
        }
        return encoded;
    }

    /** Whether the model has a chat template and the text has no special tokens, which a rendered text has. */
    private boolean couldBeRendered(String text) {
        try {
            if (!model.hasChatTemplate()) {
                return false;
            }
        } catch (BadInputException e) {
            return false; // an unusable template renders nothing
        }
        int[] ids = model.tokenizer().encode(text, false);
        return model.tokenizer().decode(ids, true).equals(model.tokenizer().decode(ids, false));
    }

    /** Warns if raw prompts went past the model's chat template. */
    void warnOfRawPrompts(AnalysisListener listener) {
        if (unrendered > 0) {
            listener.warn((unrendered == 1 ? "1 prompt is" : unrendered + " prompts are")
                    + " raw text, which the model's chat template does not render; give a question or messages to ask as"
                    + " a user does");
        }
    }

    /**
     * Returns the text. Rejects it if its beginning alone is too long for the model, before the tokenizer spends a second
     * on every megabyte of the rest.
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
                        + " characters, which is too long: its first " + end + " are already " + tokens
                        + " tokens, and the model has a context of " + context + "; shorten it");
            }
        }
        return text;
    }
}
