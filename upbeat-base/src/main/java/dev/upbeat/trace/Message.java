package dev.upbeat.trace;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A message of a conversation.
 *
 * @param fields fields for the chat template, in the order of the input: {@code role}, a text; {@code content}, a text,
 *     optional; and others such as {@code tool_calls} or {@code reasoning_content}
 */
public record Message(Map<String, Object> fields) {
    private static final String ROLE = "role";
    private static final String CONTENT = "content";

    public Message {
        if (!(fields.get(ROLE) instanceof String)
                || (fields.containsKey(CONTENT) && !(fields.get(CONTENT) instanceof String))) {
            throw new IllegalArgumentException("a message needs a role, and role and content must be texts: " + fields);
        }
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public Message(String role, String content) {
        this(ordered(role, content));
    }

    private static Map<String, Object> ordered(String role, String content) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ROLE, role);
        fields.put(CONTENT, content);
        return fields;
    }

    public String role() {
        return (String) Objects.requireNonNull(fields.get(ROLE));
    }

    /** The content; empty if there is none, as in messages with tool calls. */
    public String content() {
        return (String) fields.getOrDefault(CONTENT, "");
    }

    public boolean hasContent() {
        return fields.containsKey(CONTENT);
    }

    public Message withContent(String content) {
        return with(CONTENT, content);
    }

    public Message with(String field, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Message(changed);
    }

    public Message without(String field) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.remove(field);
        return new Message(changed);
    }
}
