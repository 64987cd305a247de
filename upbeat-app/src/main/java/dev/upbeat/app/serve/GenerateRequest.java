package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.trace.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The fields of {@code POST /v1/generate}. */
record GenerateRequest(ObjectNode fields) {
    static final List<String> FIELDS =
            List.of("messages", "prompt", "prompt_ids", "max_new_tokens", "temperature", "seed", "rhythm", "groups");

    private static final int USUAL_TOKENS = 256;
    private static final double USUAL_TEMPERATURE = 0.7;

    JsonNode field(String name) {
        JsonNode value = fields.get(name);
        return value == null || value.isNull() ? MissingNode.getInstance() : value;
    }

    /**
     * The token ids of the prompt.
     *
     * @throws BadInputException if there is not exactly one prompt, or it cannot be encoded
     */
    int[] prompt(ModelHost host) {
        long given = Stream.of("messages", "prompt", "prompt_ids")
                .filter(name -> !field(name).isMissingNode())
                .count();
        if (given != 1) {
            throw new BadInputException(
                    "the request has " + given + " of messages, prompt and prompt_ids; expected exactly one");
        }
        if (!field("prompt").isMissingNode()) {
            return host.encode(text(field("prompt"), "prompt"));
        }
        return field("prompt_ids").isMissingNode() ? host.encode(messages()) : ids();
    }

    private List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : field("messages")) {
            if (!message.isObject()) {
                throw new BadInputException("messages has " + JsonReading.shown(message)
                        + "; expected objects {\"role\": .., \"content\": ..}");
            }
            message.fieldNames()
                    .forEachRemaining(name -> JsonReading.requireKnown("messages", name, List.of("role", "content")));
            messages.add(new Message(
                    text(message.path("role"), "messages.role"), text(message.path("content"), "messages.content")));
        }
        if (messages.isEmpty()) {
            throw new BadInputException("messages is empty or not an array; expected at least one message");
        }
        return messages;
    }

    private int[] ids() {
        JsonNode given = field("prompt_ids");
        int[] ids = new int[given.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!given.path(i).isInt()) {
                throw new BadInputException(
                        "prompt_ids[" + i + "] is " + JsonReading.shown(given.path(i)) + "; expected a token id");
            }
            ids[i] = given.get(i).intValue();
        }
        return ids;
    }

    private static String text(JsonNode given, String name) {
        if (!given.isTextual() || given.textValue().isEmpty()) {
            throw new BadInputException(name + " is missing, empty or not a text; expected a text");
        }
        return given.textValue();
    }

    /** @throws BadInputException if a value is out of range */
    Sampling sampling(Set<Integer> stopIds) {
        JsonNode most = field("max_new_tokens");
        JsonNode temperature = field("temperature");
        JsonNode seed = field("seed");
        if (!most.isMissingNode() && !most.isInt()) {
            throw new BadInputException("max_new_tokens is " + JsonReading.shown(most) + "; expected a whole number");
        }
        if (!temperature.isMissingNode() && !temperature.isNumber()) {
            throw new BadInputException("temperature is " + JsonReading.shown(temperature) + "; expected a number");
        }
        if (!seed.isMissingNode() && (!seed.isIntegralNumber() || !seed.canConvertToLong())) {
            throw new BadInputException("seed is " + JsonReading.shown(seed) + "; expected a whole number of 64 bits");
        }
        return new Sampling(
                most.asInt(USUAL_TOKENS), temperature.asDouble(USUAL_TEMPERATURE), 0, 1, seed.asLong(0), stopIds);
    }
}
