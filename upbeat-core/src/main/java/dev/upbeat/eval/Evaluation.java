package dev.upbeat.eval;

import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.store.EvalRow;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.tokenizer.Tokenizer;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a model problems, each K times, and has the task judge the answers. */
public final class Evaluation {
    /** Answers written together where nobody says otherwise: small models want many, large ones are bound by their cache. */
    public static final int DEFAULT_BATCH = 64;

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final PromptEncoder prompts;
    private final Generator generator;

    /** @param batchSize answers that are written together at most */
    public Evaluation(Decoder decoder, Tokenizer tokenizer, PromptEncoder prompts, int batchSize) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.generator = new Generator(decoder, batchSize);
    }

    /**
     * An evaluation that is done.
     *
     * @param problems in the order in which they were given
     */
    public record Result(List<AnsweredProblem> problems, Accuracy accuracy) {
        /**
         * A line of eval.jsonl a problem, in their order.
         *
         * @param step of training at which was evaluated; null outside of one
         */
        public List<EvalRow> rows(@Nullable Long step) {
            return problems.stream().map(problem -> problem.row(step)).toList();
        }
    }

    /** Told how far the writing is. */
    public interface Listener {
        /** @param tokens the most that there can be */
        void began(long tokens);

        void advanced(long tokens);

        /** Tokens that will not be written: an answer ended early. */
        void spared(long tokens);
    }

    /** A listener that does not listen. */
    public static final Listener SILENT = new Listener() {
        @Override
        public void began(long tokens) {}

        @Override
        public void advanced(long tokens) {}

        @Override
        public void spared(long tokens) {}
    };

    /**
     * @param problems at least one, of the task
     * @param samples K; sample k of problem i is drawn by (the sampling's seed, i K + k) alone
     * @throws BadInputException where a problem does not fit the model
     */
    public Result run(Task task, List<Problem> problems, Sampling sampling, int samples, Listener listener) {
        requireDifferentAnswers(sampling, samples);
        List<int[]> ids = new ArrayList<>();
        for (Problem problem : problems) {
            int[] prompt = requireFits(problem, prompts.encode("problem " + problem.id(), problem.prompt()));
            for (int k = 0; k < samples; k++) {
                ids.add(prompt);
            }
        }
        List<Response> responses = generate(ids, sampling, listener);
        List<Answer> answers = judge(task, problems, samples, responses);
        List<AnsweredProblem> answered = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            Prompt asked = prompts.asked("problem " + problem.id(), problem.prompt());
            answered.add(new AnsweredProblem(
                    new Problem(problem.id(), asked, problem.answer()),
                    answers.subList(i * samples, (i + 1) * samples)));
        }
        int[] correct = answered.stream().mapToInt(AnsweredProblem::correct).toArray();
        return new Result(List.copyOf(answered), Accuracy.of(correct, samples, sampling.seed()));
    }

    /** @throws BadInputException where all answers to a problem would be the same */
    public static void requireDifferentAnswers(Sampling sampling, int samples) {
        if (samples < 1) {
            throw new BadInputException("samples " + samples + ": expected at least 1");
        }
        if (samples > 1 && sampling.temperature() == 0) {
            throw new BadInputException("samples " + samples
                    + " at temperature 0 would all be the same answer; set a temperature, 1 say, or take 1 sample");
        }
    }

    private int[] requireFits(Problem problem, int[] prompt) {
        int context = decoder.config().context();
        if (prompt.length >= context) {
            throw new BadInputException("problem " + problem.id() + " has " + prompt.length
                    + " tokens, which leaves no room for an answer in the model's context of " + context);
        }
        return prompt;
    }

    private List<Response> generate(List<int[]> ids, Sampling sampling, Listener listener) {
        int[] room = ids.stream()
                .mapToInt(prompt ->
                        Math.min(sampling.maxNewTokens(), decoder.config().context() - prompt.length))
                .toArray();
        long total = 0;
        for (int tokens : room) {
            total += tokens;
        }
        listener.began(total);
        return generator.generate(ids, sampling, (prompt, id) -> {
            room[prompt]--;
            listener.advanced(1);
            if (sampling.stopIds().contains(id)) {
                listener.spared(room[prompt]);
            }
        });
    }

    private List<Answer> judge(Task task, List<Problem> problems, int samples, List<Response> responses) {
        List<Problem> asked = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
            asked.add(problems.get(i / samples));
            texts.add(tokenizer.decode(responses.get(i).ids(), true));
        }
        List<Score> scores = task.verifyAll(asked, texts);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
            Response response = responses.get(i);
            answers.add(new Answer(texts.get(i), response.ids().length, response.stopped(), scores.get(i)));
        }
        return answers;
    }
}
