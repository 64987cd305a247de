package dev.upbeat.tokenizer;

import dev.upbeat.io.BadInputException;
import dev.upbeat.jinja.JinjaTemplate;
import dev.upbeat.jinja.Strings;
import dev.upbeat.trace.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Renders a conversation as a prompt with a chat template and its variables. Checks that all parts of the conversation reach
 * the prompt, and continues a final assistant message as transformers' {@code continue_final_message} does.
 */
final class PromptRenderer {
    private static final String ASSISTANT = "assistant";
    private static final String SYSTEM = "system";
    private static final String USER = "user";

    /** The mark that transformers uses; its trailing space shows whether the template strips the message. */
    private static final String END_MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

    private final ChatTemplate template;
    private final Map<String, ? extends @Nullable Object> variables;

    PromptRenderer(ChatTemplate template, Map<String, ? extends @Nullable Object> variables) {
        this.template = template;
        this.variables = variables;
    }

    String prompt(List<Message> messages) {
        requireVariablesRead();
        requireFieldsRead(messages);
        List<Message> shown = withSystemShown(messages);
        return continuesLast(shown) ? continued(shown) : template.render(shown, true, variables);
    }

    private static boolean continuesLast(List<Message> messages) {
        return !messages.isEmpty() && messages.get(messages.size() - 1).role().equals(ASSISTANT);
    }

    private void requireVariablesRead() {
        JinjaTemplate read = template.template(variables);
        Set<String> unread = new TreeSet<>(variables.keySet());
        unread.removeIf(read::readsVariable);
        if (!unread.isEmpty()) {
            throw new BadInputException("the chat template never reads " + String.join(", ", unread)
                    + ", so it would have no effect; leave it out, or use a model whose template reads it");
        }
    }

    /** A template may also print a whole message, so a field that it does not name is tested by rendering. */
    private void requireFieldsRead(List<Message> messages) {
        JinjaTemplate read = template.template(variables);
        requireFieldRead(messages, "tool_calls", read.readsKey("tool_calls"));
        boolean readsReasoning = ChatTemplate.REASONING.stream().anyMatch(read::readsKey);
        ChatTemplate.REASONING.forEach(name -> requireFieldRead(messages, name, readsReasoning));
    }

    private void requireFieldRead(List<Message> messages, String field, boolean isRead) {
        if (isRead || messages.stream().noneMatch(message -> message.fields().containsKey(field))) {
            return;
        }
        List<Message> without =
                messages.stream().map(message -> message.without(field)).toList();
        if (template.render(messages, true, variables).equals(template.render(without, true, variables))) {
            throw new BadInputException("the chat template never reads " + field
                    + ", which a message has; leave it out, or use a model whose template reads it");
        }
    }

    /** The prompt up to the end of the last message's text. */
    String continued(List<Message> messages) {
        int last = messages.size() - 1;
        Message open = messages.get(last);
        if (!open.hasContent()) {
            throw new BadInputException(
                    "the conversation ends with an assistant message without content, which cannot be"
                            + " continued; end it with the message of a user or tool");
        }
        List<Message> marked = new ArrayList<>(messages);
        marked.set(last, open.withContent(open.content() + END_MARK));
        String text = template.render(marked, false, variables);
        String mark = Strings.strip(END_MARK);
        int end = text.lastIndexOf(mark);
        if (end < 0 || !text.contains(Strings.strip(open.content()))) {
            throw new BadInputException(
                    "the conversation ends with an assistant message, which is continued, but the chat"
                            + " template drops a part of it; end the conversation with the message of a user");
        }
        String before = text.substring(0, end);
        return text.startsWith(END_MARK, end) ? before : Strings.stripEnd(before);
    }

    /**
     * The conversation in a form that the template shows completely: if it refuses or drops system messages, their text is put
     * before the next user message. The template is tested with marks in place of the texts, because a short text may occur in
     * a prompt by chance.
     */
    private List<Message> withSystemShown(List<Message> messages) {
        List<Integer> system = IntStream.range(0, messages.size())
                .filter(i -> messages.get(i).role().equals(SYSTEM)
                        && !messages.get(i).content().isBlank())
                .boxed()
                .toList();
        if (system.isEmpty()) {
            return messages;
        }
        List<Message> marked = new ArrayList<>(messages);
        system.forEach(i -> marked.set(i, messages.get(i).withContent(mark(i))));
        String text = renderedOrNull(marked);
        if (text != null && dropped(system, text).isEmpty()) {
            return messages;
        }
        List<List<Integer>> attempts = text != null
                ? List.of(dropped(system, text), system)
                : List.of(system.subList(1, system.size()), system);
        for (List<Integer> moved : attempts) {
            List<Message> tried = moved.isEmpty() ? null : moved(marked, moved);
            String result = tried == null ? null : renderedOrNull(tried);
            if (result != null && dropped(system, result).isEmpty()) {
                return Objects.requireNonNull(moved(messages, moved));
            }
        }
        if (text != null) {
            throw new BadInputException(
                    "the chat template drops the system message, and no user message follows that could"
                            + " begin with its text; leave it out, or move it into a user message");
        }
        return messages; // the template refuses it for another reason, and says so
    }

    private static String mark(int message) {
        return "SYSTEM_TEXT_" + message + "_MARK";
    }

    private static List<Integer> dropped(List<Integer> system, String text) {
        return system.stream().filter(i -> !text.contains(mark(i))).toList();
    }

    private @Nullable String renderedOrNull(List<Message> messages) {
        try {
            return template.render(messages, !continuesLast(messages), variables);
        } catch (BadInputException refused) {
            return null;
        }
    }

    /** The conversation with some messages put before the next user message; null if none follows. */
    private static @Nullable List<Message> moved(List<Message> messages, List<Integer> moved) {
        List<Message> others = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (moved.contains(i)) {
                waiting.add(message.content());
            } else if (message.role().equals(USER) && !waiting.isEmpty()) {
                waiting.add(message.content());
                others.add(message.withContent(String.join("\n\n", waiting)));
                waiting.clear();
            } else {
                others.add(message);
            }
        }
        return waiting.isEmpty() ? others : null;
    }
}
