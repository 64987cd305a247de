package dev.upbeat.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.upbeat.io.BadInputException;
import dev.upbeat.observe.RhythmOptions;
import dev.upbeat.rhythm.LiveRhythm;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.TokenStream;
import dev.upbeat.store.HeadsFile;
import dev.upbeat.trace.AttentionWeights;
import dev.upbeat.trace.HeadGroups;
import dev.upbeat.trace.Trace;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/generate}: writes a response as server-sent events, with WAAD and the growing FAI of its tokens. A client
 * that leaves ends the response.
 */
final class GenerateHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(GenerateHandler.class);

    /** Responses that are written at the same time; each uses all threads. */
    private static final int MOST_RESPONSES = 2;

    /** Tokens of the greedy response that head groups are found from if the request has none. */
    private static final int GROUP_TOKENS = 32;

    private final Admission admission;
    private final ModelHost host;
    private final Measuring measuring;
    private final Limits limits;
    private final Semaphore responses = new Semaphore(MOST_RESPONSES);

    GenerateHandler(Admission admission, ModelHost host, Measuring measuring, Limits limits) {
        this.admission = admission;
        this.host = host;
        this.measuring = measuring;
        this.limits = limits;
    }

    @Override
    public void handle(Context context) throws IOException {
        try (Admission.Place place = admission.enter()) {
            GenerateRequest request =
                    new GenerateRequest(JsonReading.tree(RequestBody.json(context, place), GenerateRequest.FIELDS));
            if (!responses.tryAcquire()) {
                throw Refusal.busy(MOST_RESPONSES + " responses are being written");
            }
            ServedModel model = host.hold();
            try {
                write(context, request, model);
            } finally {
                model.release();
                responses.release();
            }
        }
    }

    private void write(Context context, GenerateRequest request, ServedModel model) throws IOException {
        Sampling sampling = request.sampling(host.stopIds());
        int[] prompt = model.config().requireRoom(request.prompt(host), "the prompt");
        HeadGroups groups = groups(request, model, prompt);
        int most = Math.min(sampling.maxNewTokens(), model.config().context() - prompt.length);
        LiveRhythm rhythm = new LiveRhythm(groups, prompt.length, most);
        context.contentType("text/event-stream").header("X-Accel-Buffering", "no");
        GenerateEvents events = new GenerateEvents(
                context.res().getOutputStream(), rhythm, model.config().heads(), host.stream(), limits.timeout());
        try {
            events.started(prompt, groups, model.version());
            new TokenStream(model.decoder(), sampling).write(prompt, events);
            events.done(prompt, groups, sampling.stopIds());
        } catch (UncheckedIOException e) {
            LOG.debug("a client left while its response was written");
        } catch (RuntimeException e) {
            LOG.error("a response failed: {}", e.getClass().getName());
            events.failed();
        }
    }

    /** The request's head groups, or those of a short greedy response to its prompt. */
    private HeadGroups groups(GenerateRequest request, ServedModel model, int[] prompt) {
        JsonNode given = request.field("groups");
        HeadGroups fixed = given.isMissingNode() ? null : HeadsFile.parse(given, "groups");
        RhythmOptions options = new RhythmJson(request.field("rhythm")).options(model.config(), fixed, true);
        if (options.settings().weights() != AttentionWeights.ATTENTION) {
            throw new BadInputException(
                    "weights " + options.settings().weights()
                            + " cannot be measured while a response is written; expected attention, or observe the finished trace");
        }
        if (options.groups() != null) {
            options.requireFit(model.config());
            return options.groups();
        }
        int[] response = new Generator(model.decoder(), 1)
                .generate(List.of(prompt), Sampling.greedy(GROUP_TOKENS, Set.of()))
                .get(0)
                .ids();
        Trace trace = new Trace("groups", prompt, response, null, 1, null);
        return measuring.groups(model, trace, options);
    }
}
