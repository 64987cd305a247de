package dev.upbeat.app.analyze;

import dev.upbeat.Upbeat;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.TokenBudget;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Trace;
import java.util.List;
import java.util.stream.IntStream;

/** Generates a model's responses to prompts. */
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

    /** Returns one trace per prompt, in the prompts' order. */
    List<Trace> respond(List<TaskRow> prompts) {
        List<int[]> ids = prompts.stream().map(encoder::prompt).toList();
        encoder.warnOfRawPrompts(listener);
        TokenBudget budget = new TokenBudget(ids, sampling, model.config());
        listener.began("generating", budget.total());
        List<Response> responses = new Generator(model.decoder(), Generator.DEFAULT_BATCH)
                .generate(ids, sampling, (prompt, id) -> drawn(budget.draw(prompt), id));
        listener.written();
        warnOfCutOffs(responses);
        return IntStream.range(0, ids.size())
                .mapToObj(i -> trace(prompts.get(i).id(), ids.get(i), responses.get(i)))
                .toList();
    }

    /** Warns if responses were cut off, because the findings then describe only their beginnings. */
    private void warnOfCutOffs(List<Response> responses) {
        long cut = responses.stream().filter(response -> !response.stopped()).count();
        if (cut > 0) {
            listener.warn(cut + " of " + responses.size() + " responses were cut off: no stop token within"
                    + " --max-new-tokens " + sampling.maxNewTokens() + " or the model's context");
        }
    }

    /** @param left the tokens that the response may still have */
    private void drawn(int left, int id) {
        listener.advanced(1);
        if (sampling.stopIds().contains(id)) {
            listener.spared(left);
        } else {
            listener.drawn(id);
        }
    }

    private Trace trace(String id, int[] prompt, Response response) {
        return new Trace(id, prompt, response.ids(), model.texts(response.ids()), sampling.logProbTemperature(), null);
    }
}
