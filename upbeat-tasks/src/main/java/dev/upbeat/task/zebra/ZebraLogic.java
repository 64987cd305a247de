package dev.upbeat.task.zebra;

import dev.upbeat.io.BadInputException;
import dev.upbeat.series.RandomStream;
import dev.upbeat.task.Epochs;
import dev.upbeat.task.Problem;
import dev.upbeat.task.PromptStyle;
import dev.upbeat.task.Prompting;
import dev.upbeat.task.Task;
import dev.upbeat.task.TaskRow;
import dev.upbeat.trace.Message;
import dev.upbeat.trace.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * ZebraLogic (docs/method.md, section 8; arXiv 2502.01100): logic grid puzzles, the whole solution asked for. Right is
 * a solution with every cell right; {@link #CELLS} tells the share of right cells. Puzzles are generated, each with
 * exactly one solution and no clue too many, the same in every run; a run's seed orders them. No test puzzle has the
 * solution of a training puzzle or of another test puzzle.
 */
public final class ZebraLogic implements Task {
    /** The part of a {@link Score} that is the share of right cells. */
    public static final String CELLS = "cells";

    private static final long PUZZLES_SEED = 0;

    /** Solutions in a row that are not new, after which there are taken to be no more. */
    private static final int MOST_REPEATED = 2_000;

    private static final int LONGEST_SHOWN = 2_000;

    private static final String USUAL = "usual";

    private final ZebraSettings settings;
    private final @Nullable String prompt;
    private @Nullable List<Problem> test; // made when it is asked for

    public ZebraLogic(ZebraSettings settings) {
        this(settings, null);
    }

    /** @param prompt as {@link PromptStyle#of} reads it; null for the usual one, and for rows' own prompts */
    public ZebraLogic(ZebraSettings settings, @Nullable String prompt) {
        this.settings = settings;
        this.prompt = prompt;
    }

    @Override
    public String name() {
        return "zebralogic";
    }

    /** Sizes in turn; puzzles are made as they are asked for. Among the smallest sizes some solutions come twice. */
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

    /** Sizes in turn, each with another solution. */
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
     * {@inheritDoc} The answer is the solution as JSON, in the published forms (docs/zebralogic.md). Where it is missing,
     * the clues are read and solved.
     *
     * @throws BadInputException where the answer is no whole solution; without an answer, where the question is not in the
     *     published wording, or has no or several solutions
     */
    @Override
    public Problem problem(TaskRow row) {
        Problem made = problem(row.id(), row.asked(), row.answer());
        boolean own = row.messages() != null || row.text() != null;
        return own && prompt == null ? new Problem(row.id(), row.messages(), row.text(), made.answer()) : made;
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
        if (prompt != null && !prompt.equals(USUAL)) {
            return new Prompting(prompt, PromptStyle.BARE).problem(new TaskRow(id, asked, null), solution.toJson());
        }
        String conversation = "A conversation between User and Assistant. The user poses a puzzle, and the Assistant"
                + " solves it. The assistant first thinks step by step and then gives the whole solution as JSON.\n"
                + "User: " + asked + "\nAssistant: Let me solve this step by step.\n";
        return new Problem(id, List.of(new Message("user", asked)), conversation, solution.toJson());
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
        double reward = fault == null ? 1 : settings.cellReward() * share;
        String reason = fault == null ? "right" : right + " of " + solution.size() + " cells right: " + fault;
        Map<String, Double> parts = Map.of(Score.CORRECT, fault == null ? 1.0 : 0.0, CELLS, share);
        return new Score(reward, parts, shown(answer.toString()), reason);
    }

    private static String shown(String answer) {
        return answer.length() <= LONGEST_SHOWN ? answer : answer.substring(0, LONGEST_SHOWN) + " ..";
    }
}
