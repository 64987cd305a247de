package dev.upbeat.eval;

import dev.upbeat.checkpoint.ModelConfig;
import dev.upbeat.io.BadInputException;
import dev.upbeat.model.Decoder;
import dev.upbeat.rollout.Generator;
import dev.upbeat.rollout.Response;
import dev.upbeat.rollout.Sampling;
import dev.upbeat.rollout.TokenBudget;
import dev.upbeat.store.EvalRow;
import dev.upbeat.task.Problem;
import dev.upbeat.task.Task;
import dev.upbeat.tokenizer.PromptEncoder;
import dev.upbeat.tokenizer.Tokenizer;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates a model on a task: the model answers each problem K times, and the task judges the answers. */
public final class Evaluation {
    /**
     * Default number of answers generated at a time. Larger batches speed up small models; for large ones the KV cache
     * limits the batch.
     */
    public static final int DEFAULT_BATCH = 64;

    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final PromptEncoder prompts;
    private final Generator generator;

    /** @param batchSize most answers generated at a time */
    public Evaluation(Decoder decoder, Tokenizer tokenizer, PromptEncoder prompts, int batchSize) {
        this.decoder = decoder;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.generator = new Generator(decoder, batchSize);
    }

    /**
     * The result of an evaluation.
     *
     * @param problems in the order in which they were given
     */
    public record Result(List<AnsweredProblem> problems, Accuracy accuracy) {
        /**
         * The rows of eval.jsonl, one per problem, in the problems' order.
         *
         * @param step training step; null outside a training
         * @param benchmark name of the benchmark of a training that has several; null otherwise
         */
        public List<EvalRow> rows(@Nullable Long step, @Nullable String benchmark) {
            return problems.stream()
                    .map(problem -> problem.row(step, benchmark))
                    .toList();
        }
    }

    /** Receives the progress of work in stages. */
    public interface Listener {
        /** @param total units of work of this stage, at least 1; an upper bound when text is generated */
        void began(String stage, long total);

        void advanced(long units);

        /** Units of the stage that are not needed, because a response ended early. */
        void spared(long units);
    }

    /** A listener that ignores everything. */
    public static final Listener SILENT = new Listener() {
        @Override
        public void began(String stage, long total) {}

        @Override
        public void advanced(long units) {}

        @Override
        public void spared(long units) {}
    };

    /**
     * @param problems of the task, at least one
     * @param samples K; sample k of problem i depends on (the sampling's seed, i K + k) alone
     * @throws BadInputException if a problem does not fit the model
     */
    public Result run(Task task, List<Problem> problems, Sampling sampling, int samples, Listener listener) {
        requireDifferentAnswers(sampling, samples);
        List<int[]> ids = new ArrayList<>();
        List<Problem> asked = new ArrayList<>();
        for (Problem problem : problems) {
            Prompt prompt = prompts.asked(name(problem), problem.prompt());
            asked.add(new Problem(problem.id(), prompt, problem.answer()));
            ids.addAll(Collections.nCopies(samples, encode(problem)));
        }
        List<Response> responses = generate(ids, sampling, listener);
        List<Answer> answers = judge(task, problems, samples, responses);
        List<AnsweredProblem> answered = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            answered.add(new AnsweredProblem(asked.get(i), answers.subList(i * samples, (i + 1) * samples)));
        }
        int[] correct = answered.stream().mapToInt(AnsweredProblem::correct).toArray();
        return new Result(List.copyOf(answered), Accuracy.of(correct, samples, sampling.seed()));
    }

    /**
     * The prompt of a problem as token ids, [P].
     *
     * @throws BadInputException if the problem does not fit the model
     */
    public int[] encode(Problem problem) {
        return decoder.config().requireRoom(prompts.encode(name(problem), problem.prompt()), name(problem));
    }

    private static String name(Problem problem) {
        return "problem " + problem.id();
    }

    /** @throws BadInputException if all answers to a problem would be the same */
    public static void requireDifferentAnswers(Sampling sampling, int samples) {
        if (samples < 1) {
            throw new BadInputException("samples " + samples + ": expected at least 1");
        }
        if (samples > 1 && sampling.temperature() == 0) {
            throw new BadInputException("samples " + samples
                    + " at temperature 0 would all be the same answer; set a temperature such as 1, or use 1 sample");
        }
    }

    private List<Response> generate(List<int[]> ids, Sampling sampling, Listener listener) {
        return generator.generate(ids, sampling, tokens(ids, sampling, decoder.config(), listener));
    }

    /**
     * Passes each generated token to a listener as a unit of work.
     *
     * @param ids prompts, each [P]
     */
    public static Generator.Listener tokens(List<int[]> ids, Sampling sampling, ModelConfig config, Listener listener) {
        TokenBudget budget = new TokenBudget(ids, sampling, config);
        listener.began("answering, tokens", budget.total());
        return (prompt, id) -> {
            int left = budget.draw(prompt);
            listener.advanced(1);
            if (sampling.stopIds().contains(id)) {
                listener.spared(left);
            }
        };
    }

    private List<Answer> judge(Task task, List<Problem> problems, int samples, List<Response> responses) {
        List<Problem> asked = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        boolean[] truncated = new boolean[responses.size()];
        for (int i = 0; i < responses.size(); i++) {
            truncated[i] = !responses.get(i).stopped();
            asked.add(problems.get(i / samples));
            texts.add(tokenizer.decode(responses.get(i).ids(), true));
        }
        List<Score> scores = task.verifyAll(asked, texts, truncated);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
            Response response = responses.get(i);
            answers.add(new Answer(texts.get(i), response.ids().length, response.stopped(), scores.get(i)));
        }
        return answers;
    }
}
