package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import dev.upbeat.io.VisibleText;
import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Prompt;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * ZebraLogic (docs/method.md, section 8; arXiv 2502.01100): logic grid puzzles. A response is right if every cell of its
 * solution is right; {@link #CELLS} is the share of right cells. Each generated puzzle has exactly one solution and no
 * redundant clue. The puzzles are the same in every run; a run's seed orders them. No test puzzle has the solution of a
 * training puzzle or of another test puzzle.
 */
public final class ZebraLogic implements Task {
    /** The part of a {@link Score} that is the share of right cells. */
    public static final String CELLS = "cells";

    private static final long PUZZLES_SEED = 0;

    /** Repeated solutions in a row after which no new one is expected. */
    private static final int MOST_REPEATED = 2_000;

    private static final int LONGEST_SHOWN = 2_000;

    private final ZebraSettings settings;
    private final Prompting prompting;
    private @Nullable List<Problem> test; // made on first use

    public ZebraLogic(ZebraSettings settings) {
        this(settings, null);
    }

    /** @param prompt style as {@link PromptStyle#of} reads it; null for the usual prompt and for rows' own prompts */
    public ZebraLogic(ZebraSettings settings, @Nullable String prompt) {
        this.settings = settings;
        prompting = new Prompting(prompt, PromptStyle.BARE);
    }

    @Override
    public String name() {
        return "zebralogic";
    }

    /** Problems of each size in turn, generated on demand. Some solutions of the smallest sizes come twice. */
    @Override
    public List<Problem> prompts(long seed, long step, int count) {
        return Arrays.stream(Epochs.indices(seed, step, count, settings.train()))
                .mapToObj(this::trainingProblem)
                .toList();
    }

    private Problem trainingProblem(int index) {
        GridSize size = size(index);
        int number = index / settings.sizes().size();
        SplittableRandom random = RandomStream.of(PUZZLES_SEED, 0, size.houses(), size.attributes(), number);
        PuzzleGenerator.Generated drawn = PuzzleGenerator.draw(size, random, false);
        return problem("train-" + size + "-" + number, drawn.puzzle().question(), drawn.solution());
    }

    /** Problems of each size in turn, all with different solutions. */
    @Override
    public synchronized List<Problem> test() {
        if (test == null) {
            List<Problem> problems = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (int index = 0; index < settings.test(); index++) {
                problems.add(testProblem(index, seen));
            }
            test = List.copyOf(problems);
        }
        return test;
    }

    private Problem testProblem(int index, Set<String> seen) {
        GridSize size = size(index);
        int number = index / settings.sizes().size();
        SplittableRandom random = RandomStream.of(PUZZLES_SEED, 1, size.houses(), size.attributes(), number);
        for (int repeated = 0; repeated < MOST_REPEATED; repeated++) {
            PuzzleGenerator.Generated drawn = PuzzleGenerator.draw(size, random, true);
            if (seen.add(PuzzleGenerator.identity(drawn.solution()))) {
                return problem("test-" + size + "-" + number, drawn.puzzle().question(), drawn.solution());
            }
        }
        throw new BadInputException("test " + settings.test() + ": there are only about " + number
                + " test puzzles of size " + size + "; ask for fewer or add larger sizes");
    }

    private GridSize size(int index) {
        return settings.sizes().get(index % settings.sizes().size());
    }

    /**
     * {@inheritDoc} The answer is the solution as JSON, in the published forms (docs/zebralogic.md). If it is missing, the
     * clues are read and solved.
     *
     * @throws BadInputException if the answer is not a complete solution, or the row has no answer and its question is not in
     *     the published wording or does not have exactly one solution
     */
    @Override
    public Problem problem(TaskRow row) {
        Problem made = problem(row.id(), row.asked(), row.answer());
        return prompting.keepsPromptOf(row) ? new Problem(row.id(), row.prompt(), made.answer()) : made;
    }

    Problem problem(String id, String question, @Nullable String answer) {
        return problem(id, question, answer == null ? solve(id, question) : Grid.ofAnswer(id, answer));
    }

    private static Grid solve(String id, String question) {
        ZebraPuzzle puzzle = QuestionReader.read(id, question);
        List<int[]> solutions = GridSolver.of(puzzle).solutions(2);
        if (solutions.size() != 1) {
            throw new BadInputException(
                    "row " + id + ": its clues allow " + (solutions.isEmpty() ? "no" : "more than one")
                            + " solution; expected exactly one, or the solution as answer");
        }
        return puzzle.grid(solutions.get(0));
    }

    private Problem problem(String id, String question, Grid solution) {
        String asked =
                question.stripTrailing() + "\n\nThink step by step. Then give the whole solution as JSON in exactly"
                        + " this form, with one of the values listed above in place of each ___:\n\n" + blank(solution);
        String conversation = "A conversation between User and Assistant. The user poses a puzzle, and the Assistant"
                + " solves it. The assistant first thinks step by step and then gives the whole solution as JSON.\n"
                + "User: " + asked + "\nAssistant: Let me solve this step by step.\n";
        Prompt usual = new Prompt(List.of(new Message("user", asked)), conversation, Map.of());
        return new Problem(id, prompting.prompt(asked, usual), solution.toJson());
    }

    private static String blank(Grid solution) {
        StringBuilder json = new StringBuilder("{\n");
        for (int house = 1; house <= solution.houses().size(); house++) {
            List<String> cells = solution.attributes().stream()
                    .map(attribute -> "\"" + attribute + "\": \"___\"")
                    .toList();
            json.append("  \"House ")
                    .append(house)
                    .append("\": {")
                    .append(String.join(", ", cells))
                    .append('}');
            json.append(house < solution.houses().size() ? ",\n" : "\n}");
        }
        return json.toString();
    }

    @Override
    public Score verify(Problem problem, String response) {
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(response, "response");
        return verify(problem, response, false);
    }

    @Override
    public List<Score> verifyAll(List<Problem> problems, List<String> responses, boolean[] truncated) {
        List<Score> scores = new ArrayList<>(responses.size());
        for (int i = 0; i < responses.size(); i++) {
            scores.add(verify(problems.get(i), responses.get(i), truncated[i]));
        }
        return scores;
    }

    private Score verify(Problem problem, String response, boolean truncated) {
        Grid solution = Grid.ofAnswer(problem.id(), problem.answer());
        Cells answer = AnswerReader.read(response, solution);
        if (answer == null) {
            return new Score(
                    0,
                    Map.of(Score.CORRECT, 0.0, CELLS, 0.0),
                    null,
                    "no answer: no grid as JSON or as a table after the thinking");
        }
        int right = 0;
        for (boolean[] house : solution.right(answer)) {
            for (boolean cell : house) {
                right += cell ? 1 : 0;
            }
        }
        String fault = solution.fault(answer);
        double share = (double) right / solution.size();
        double reward = fault == null ? 1 : truncated ? 0 : settings.cellReward() * share;
        String reason = fault == null ? "right" : right + " of " + solution.size() + " cells right: " + fault;
        Map<String, Double> parts = Map.of(Score.CORRECT, fault == null ? 1.0 : 0.0, CELLS, share);
        return new Score(reward, parts, VisibleText.shortened(answer.toString(), LONGEST_SHOWN), reason);
    }
}
