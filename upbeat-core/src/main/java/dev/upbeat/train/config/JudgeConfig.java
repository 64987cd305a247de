package dev.upbeat.train.config;

import dev.upbeat.io.BadInputException;
import dev.upbeat.task.endpoint.ChatEndpoint.Sampling;
import dev.upbeat.task.endpoint.EndpointSettings;
import dev.upbeat.task.endpoint.Service;

/**
 * {@code credit.judge}: a chat model that judges the steps of responses.
 *
 * @param endpoint OpenAI-compatible
 * @param model its name there
 * @param temperature of its answers
 * @param maxTokens longest answer
 * @param attempts largest number of answers to ask for until one is usable
 * @param patienceSeconds how long training waits for a judge that is down
 */
public record JudgeConfig(
        EndpointSettings endpoint, String model, double temperature, int maxTokens, int attempts, int patienceSeconds) {

    static JudgeConfig read(Section section) {
        String url = section.required("url").text("an address such as " + Service.JUDGE.example());
        String model = section.required("model").text("the name of a model");
        double temperature = section.optional("temperature", 0.7).number(Range.between(0, 2));
        int maxTokens = section.optional("max_tokens", 4096).integer(1, 1 << 20);
        int attempts = section.optional("attempts", 3).integer(1, 20);
        int timeout = section.optional("timeout", 300).integer(1, 3_600);
        int retries = section.optional("retries", EndpointSettings.RETRIES).integer(0, 20);
        int concurrency =
                section.optional("concurrency", EndpointSettings.CONCURRENCY).integer(1, 256);
        int patience = section.optional("patience", 600).integer(0, 1_000_000);
        try {
            EndpointSettings endpoint = EndpointSettings.of(Service.JUDGE, url, timeout, retries, concurrency);
            return new JudgeConfig(endpoint, model, temperature, maxTokens, attempts, patience);
        } catch (BadInputException e) {
            throw section.origin().together("credit.judge", e);
        }
    }

    public Sampling sampling(boolean logProbs) {
        return new Sampling(model, temperature, maxTokens, logProbs);
    }
}
