package dev.upbeat.study.perturbation;

import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Candidates;
import dev.upbeat.rollout.Candidates.Candidate;
import dev.upbeat.rollout.Fork;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.trace.Observation;
import dev.upbeat.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces single tokens of a greedy response and continues greedily (arXiv 2510.13554 v2, Eq. 11). All continuations
 * of a response share the keys and values of their common prefix. Deviations:
 *
 * <ol>
 *   <li>the response's own token is not one of the k alternatives, unless requested: it would change nothing;
 *   <li>a token that ends the response is an alternative like any other, and nothing follows it;
 *   <li>the stop token does not count as content.
 * </ol>
 */
public final class Perturber {
    /** Continuations decoded together. */
    static final int BATCH = 64;

    private final Decoder decoder;
    private final Function<int[], List<String>> texts;
    private final PerturbationSettings settings;
    private final @Nullable FinalAnswers answers;

    /**
     * @param texts maps ids to the text of each; joined they are the whole text
     * @param answers compares final answers, if the settings continue to the end; null to compare none
     */
    public Perturber(
            Decoder decoder,
            Function<int[], List<String>> texts,
            PerturbationSettings settings,
            @Nullable FinalAnswers answers) {
        this.decoder = decoder;
        this.texts = texts;
        this.settings = settings;
        this.answers = settings.furthest() == PerturbationSettings.END ? answers : null;
    }

    /**
     * A planned alternative: a token at a response position.
     *
     * @param most largest number of tokens after it
     */
    record Planned(int position, Candidate candidate, int most) {
        Fork fork(int promptTokens) {
            return new Fork(promptTokens + position, candidate.id(), most);
        }
    }

    /**
     * @param number of the trace in the run
     * @param trace a greedy response
     * @param listener receives each token
     * @return empty if the response is too short for high and low positions
     */
    public Optional<PerturbedProblem> perturb(int number, Trace trace, Observation seen, Generator.Listener listener) {
        Positions positions = new Positions(seen, settings.positions(), settings.tail());
        if (!positions.suffice()) {
            return Optional.empty();
        }
        SplittableRandom random =
                new SplittableRandom(settings.seed() * 31 + trace.id().hashCode());
        Map<Criterion, int[]> chosen = positions.all(settings.criteria(), random);
        int[] all = chosen.values().stream()
                .flatMapToInt(IntStream::of)
                .distinct()
                .sorted()
                .toArray();
        List<Planned> planned = plan(trace, all);
        List<Response> continuations = continuations(trace, planned, listener);
        String response = String.join("", own(trace, -1));
        String answer = answers == null ? null : answers.of(number, response, ends(trace.responseIds()));
        List<PerturbedProblem.Position> perturbed = new ArrayList<>();
        for (int position : all) {
            List<PerturbedProblem.Alternative> alternatives = new ArrayList<>();
            for (int i = 0; i < planned.size(); i++) {
                if (planned.get(i).position() == position) {
                    alternatives.add(alternative(number, trace, planned.get(i), continuations.get(i), answer));
                }
            }
            perturbed.add(position(trace, seen, position, alternatives));
        }
        Boolean correct = answers == null ? null : answers.correct(number, response);
        return Optional.of(new PerturbedProblem(
                trace.id(), number, trace.responseIds().length, chosen, perturbed, answer, correct));
    }

    /** @param positions in the response, ascending */
    List<Planned> plan(Trace trace, int[] positions) {
        int prompt = trace.promptIds().length;
        int[] rows = IntStream.of(positions).map(position -> prompt + position).toArray();
        int asked = settings.alternatives() + (settings.includeOriginal() ? 0 : 1);
        List<List<Candidate>> candidates = Candidates.of(decoder, trace.ids(), rows, asked);
        List<Planned> planned = new ArrayList<>();
        for (int i = 0; i < positions.length; i++) {
            int position = positions[i];
            int room = Math.min(settings.maxNewTokens(), decoder.config().context() - prompt) - position - 1;
            candidates.get(i).stream()
                    .filter(candidate -> settings.includeOriginal() || candidate.id() != trace.responseIds()[position])
                    .limit(settings.alternatives())
                    .forEach(candidate -> planned.add(
                            new Planned(position, candidate, Math.max(0, Math.min(room, settings.furthest())))));
        }
        return planned;
    }

    List<Response> continuations(Trace trace, List<Planned> planned, Generator.Listener listener) {
        List<Fork> forks = planned.stream()
                .map(each -> each.fork(trace.promptIds().length))
                .toList();
        return new Generator(decoder, BATCH)
                .continuations(trace.ids(), forks, Sampling.greedy(1, settings.stopIds()), listener);
    }

    private PerturbedProblem.Position position(
            Trace trace, Observation seen, int position, List<PerturbedProblem.Alternative> alternatives) {
        List<String> tokens = Objects.requireNonNull(trace.tokens(), "a study of texts needs a tokenizer");
        return new PerturbedProblem.Position(
                position,
                tokens.get(position),
                seen.fai()[position],
                seen.waad()[position],
                seen.entropyNats()[position],
                String.join("", tokens.subList(0, position)),
                text(own(trace, position), settings.furthest()),
                alternatives);
    }

    /** @param answer final answer of the response; null if it has none */
    private PerturbedProblem.Alternative alternative(
            int number, Trace trace, Planned planned, Response continuation, @Nullable String answer) {
        List<String> given = withoutStop(texts.apply(continuation.ids()), continuation.ids());
        List<String> own = own(trace, planned.position());
        double[] jaccard = settings.horizons().stream()
                .mapToDouble(horizon -> ContentWords.jaccard(
                        settings.words().of(text(own, horizon)),
                        settings.words().of(text(given, horizon))))
                .toArray();
        int id = planned.candidate().id();
        boolean stop = settings.stopIds().contains(id);
        String token = texts.apply(new int[] {id}).get(0);
        String text = String.join("", given);
        String changed = String.join("", own(trace, -1).subList(0, planned.position())) + (stop ? "" : token) + text;
        boolean ended = stop || ends(continuation.ids());
        String other = answers == null ? null : answers.of(number, changed, ended);
        Boolean answerChanged = answers == null || answer == null || (other == null && !ended)
                ? null
                : Boolean.valueOf(!answers.has(number, answer, changed));
        return new PerturbedProblem.Alternative(
                token,
                planned.candidate().probability(),
                continuation.ids().length,
                text,
                jaccard,
                other,
                answerChanged);
    }

    private boolean ends(int[] ids) {
        return ids.length > 0 && settings.stopIds().contains(ids[ids.length - 1]);
    }

    /** The tokens of the response after a position, without the stop token; -1 for all. */
    private List<String> own(Trace trace, int position) {
        List<String> tokens = Objects.requireNonNull(trace.tokens(), "a study of texts needs a tokenizer");
        List<String> content = withoutStop(tokens, trace.responseIds());
        return content.subList(Math.min(position + 1, content.size()), content.size());
    }

    private List<String> withoutStop(List<String> tokens, int[] ids) {
        return ends(ids) ? tokens.subList(0, tokens.size() - 1) : tokens;
    }

    private static String text(List<String> tokens, int horizon) {
        return String.join("", tokens.subList(0, Math.min(horizon, tokens.size())));
    }
}
