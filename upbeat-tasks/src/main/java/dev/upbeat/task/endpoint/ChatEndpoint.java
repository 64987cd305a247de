package dev.upbeat.task.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A chat model behind an OpenAI-compatible endpoint. A failed connection, a timeout, a status other than 200 and a body
 * that is not a chat completion are outages ({@link UnavailableException}).
 */
public final class ChatEndpoint {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and -Infinity
            .build();
    private static final String PATH = "/chat/completions";

    /** Number of likely tokens requested at each position. */
    private static final int ALTERNATIVES = 5;

    /** Largest log-prob: rounding may lift that of a certain token above 0. */
    private static final double MOST_LOG_PROB = 1e-3;

    /** Bytes allowed for a token of the answer: its text, and its log-probs with those of the alternatives. */
    private static final int TOKEN_BYTES = 64;

    private static final int LOG_PROBS_BYTES = 4096;
    private static final int LONGEST_BYTES = 1 << 28;

    private final EndpointClient client;
    private final Sampling sampling;

    /**
     * How the model answers.
     *
     * @param model name that the endpoint knows
     * @param temperature at least 0
     * @param maxTokens longest answer
     * @param logProbs whether the log-probs of the answer's tokens are asked for; the endpoint may leave them out
     */
    public record Sampling(String model, double temperature, int maxTokens, boolean logProbs) {}

    /**
     * An answer.
     *
     * @param text the message; empty if there is none
     * @param complete whether the model ended it; false if it was cut off
     * @param tokens the tokens of the text; empty if the endpoint gives no log-probs
     */
    public record Answer(String text, boolean complete, List<Token> tokens) {
        public Answer {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A token of an answer.
     *
     * @param text its text
     * @param logProbs log-prob of the likeliest tokens at its place, nats, by their texts; empty if one of them is not
     *     a log-probability, such as NaN
     */
    public record Token(String text, Map<String, Double> logProbs) {
        public Token {
            logProbs = Map.copyOf(logProbs);
        }
    }

    /** @param settings {@link #PATH} is added to an address that does not end with it */
    public ChatEndpoint(EndpointSettings settings, Sampling sampling) {
        long bytes = EndpointClient.LONGEST_BYTES
                + (long) sampling.maxTokens() * (sampling.logProbs() ? LOG_PROBS_BYTES : TOKEN_BYTES);
        this.client =
                new EndpointClient(settings.withUrl(address(settings.url())), (int) Math.min(bytes, LONGEST_BYTES));
        this.sampling = sampling;
    }

    /** The address of chat completions; a query stays behind the path. */
    private static URI address(URI base) {
        String path = base.getRawPath().replaceFirst("/+$", "");
        String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
        return URI.create(
                base.getScheme() + "://" + base.getRawAuthority() + path + (path.endsWith(PATH) ? "" : PATH) + query);
    }

    /**
     * The body of a request. The same question, with the same seed, has the same body.
     *
     * @param seed distinguishes several answers to one prompt
     */
    public String request(String prompt, long seed) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", sampling.model());
        body.withArray("messages").addObject().put("role", "user").put("content", prompt);
        body.put("temperature", sampling.temperature());
        body.put("max_tokens", sampling.maxTokens());
        body.put("seed", seed);
        if (sampling.logProbs()) {
            body.put("logprobs", true);
            body.put("top_logprobs", ALTERNATIVES);
        }
        return body.toString();
    }

    /**
     * Sends a request.
     *
     * @param request from {@link #request}
     * @throws UnavailableException if there is no answer
     */
    public Answer ask(String request) {
        String body = client.post(request);
        try {
            JsonNode choice = Objects.requireNonNullElse(JSON.readTree(body), JSON.missingNode())
                    .path("choices")
                    .path(0);
            JsonNode message = choice.path("message");
            if (message.isObject()) {
                return new Answer(
                        message.path("content").asText(""),
                        !"length".equals(choice.path("finish_reason").asText()),
                        tokens(choice.path("logprobs").path("content")));
            }
        } catch (JsonProcessingException e) {
            // reported below, like any other body that is not a completion
        }
        throw new UnavailableException(
                "the " + client.name() + " answered with " + (body.isBlank() ? "nothing" : EndpointClient.shown(body))
                        + "; expected a chat completion, {\"choices\": [{\"message\": {\"content\": \"..\"}}]}",
                false);
    }

    private static List<Token> tokens(JsonNode content) {
        List<Token> tokens = new ArrayList<>();
        for (JsonNode token : content) {
            Map<String, Double> logProbs = new LinkedHashMap<>();
            put(logProbs, token);
            token.path("top_logprobs").forEach(other -> put(logProbs, other));
            boolean usable = logProbs.values().stream().allMatch(logProb -> logProb <= MOST_LOG_PROB);
            tokens.add(new Token(token.path("token").asText(), usable ? logProbs : Map.of()));
        }
        return tokens;
    }

    private static void put(Map<String, Double> logProbs, JsonNode token) {
        JsonNode logProb = token.path("logprob");
        logProbs.put(token.path("token").asText(), logProb.isNumber() ? logProb.doubleValue() : Double.NaN);
    }
}
