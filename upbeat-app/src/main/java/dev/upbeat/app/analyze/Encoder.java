package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.io.BadInputException;
import dev.upbeat.store.PromptRow;
import dev.upbeat.store.TraceRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of files to token ids: messages by the chat template, raw text with the tokenizer's own special tokens. */
final class Encoder {
    private final Upbeat model;
    private final @Nullable String system;

    /** @param system put before conversations that have no system message; null for none */
    Encoder(Upbeat model, @Nullable String system) {
        this.model = model;
        this.system = system;
    }

    /** @throws BadInputException where the prompt leaves no room for a response */
    int[] prompt(PromptRow row) {
        int[] ids = checked(row.id(), encoded(row.id(), null, row.messages(), row.text()), "prompt");
        int context = model.config().context();
        if (ids.length >= context) {
            throw new BadInputException("row " + row.id() + ": the prompt has " + ids.length
                    + " tokens, which leaves no room for a response in the model's context of " + context
                    + "; shorten it");
        }
        return ids;
    }

    Trace trace(TraceRow row) {
        int[] prompt = encoded(row.id(), row.promptIds(), row.messages(), row.prompt());
        int[] response = row.responseIds() != null
                ? row.responseIds()
                : model.tokenizer().encode(Objects.requireNonNull(row.response()), false);
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
    private int[] encoded(String id, int @Nullable [] ids, @Nullable List<Message> messages, @Nullable String text) {
        if (ids == null && messages != null) {
            return model.encode(withSystem(id, messages));
        }
        if (system != null) {
            throw new BadInputException("row " + id + " gives its prompt as " + (ids == null ? "raw text" : "ids")
                    + ", which has no place for --system; give it as messages or question, or leave --system out");
        }
        return ids != null ? ids : model.encode(Objects.requireNonNull(text));
    }

    private List<Message> withSystem(String id, List<Message> messages) {
        if (system == null) {
            return messages;
        }
        if (messages.stream().anyMatch(message -> message.role().equals("system"))) {
            throw new BadInputException("row " + id + " has a system message of its own; leave --system out");
        }
        List<Message> all = new ArrayList<>();
        all.add(new Message("system", system));
        all.addAll(messages);
        return all;
    }

    private int[] checked(String id, int[] ids, String part) {
        model.config().requireKnown(ids, "row " + id + ": " + part);
        if (ids.length == 0) {
            throw new BadInputException("row " + id + ": the " + part + " is empty; expected at least one token");
        }
        return ids;
    }
}
