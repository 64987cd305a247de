package dev.upbeat.app.analyze;

import dev.upbeat.io.BadInputException;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line's system message.
 *
 * @param text null if there is none
 */
record SystemMessage(@Nullable String text) {
    /**
     * Returns the prompt with this message before its conversation.
     *
     * @param id of the row
     * @param ids the prompt as token ids; null if the row gives it as text
     * @param prompt null if the row has only ids
     * @throws BadInputException if the prompt is not a conversation, or already has a system message
     */
    @Nullable
    Prompt before(String id, int @Nullable [] ids, @Nullable Prompt prompt) {
        if (text == null) {
            return prompt;
        }
        List<Message> messages = ids != null || prompt == null ? null : prompt.messages();
        if (prompt == null || messages == null) {
            throw new BadInputException("row " + id + " gives its prompt as " + (ids == null ? "raw text" : "ids")
                    + ", which cannot take --system; expected messages or question. Give those, or leave --system out");
        }
        if (messages.stream().anyMatch(message -> message.role().equals("system"))) {
            throw new BadInputException("row " + id + " already has a system message; leave --system out");
        }
        List<Message> all = new ArrayList<>();
        all.add(new Message("system", text));
        all.addAll(messages);
        String raw = prompt.text() == null ? null : text + "\n\n" + prompt.text();
        return new Prompt(all, raw, prompt.variables());
    }
}
