package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.PromptRow;
import dev.upbeat.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Has a model write responses to prompts. */
final class Responder {
    private final Upbeat model;
    private final Encoder encoder;
    private final Sampling sampling;
    private final AnalysisListener listener;

    Responder(Upbeat model, Encoder encoder, Sampling sampling, AnalysisListener listener) {
        this.model = model;
        this.encoder = encoder;
        this.sampling = sampling;
        this.listener = listener;
    }

    /** A trace a prompt, in their order. */
    List<Trace> respond(List<PromptRow> prompts) {
        List<int[]> ids = prompts.stream().map(encoder::prompt).toList();
        int[] room = ids.stream().mapToInt(this::room).toArray();
        listener.began("generating", Arrays.stream(room).asLongStream().sum());
        List<Response> responses = new Generator(model.decoder(), Generator.DEFAULT_BATCH)
                .generate(ids, sampling, (prompt, id) -> drawn(room, prompt, id));
        listener.written();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> trace(prompts.get(i).id(), ids.get(i), responses.get(i)))
                .toList();
    }

    /** The most tokens that a response can have. */
    private int room(int[] prompt) {
        return Math.min(sampling.maxNewTokens(), model.config().context() - prompt.length);
    }

    private void drawn(int[] room, int prompt, int id) {
        room[prompt]--;
        listener.advanced(1);
        if (sampling.stopIds().contains(id)) {
            listener.spared(room[prompt]);
        } else {
            listener.drawn(id);
        }
    }

    private Trace trace(String id, int[] prompt, Response response) {
        return new Trace(id, prompt, response.ids(), model.texts(response.ids()), sampling.logProbTemperature(), null);
    }
}
